"""Drawn worlds: a config in LiteLLM's words, the records beside it, and what is asked of it.

A world is plain data, the same for the same seed and number, so that a disagreement can be replayed. Each world has
some of the features, not all, so that one disagreement has few possible reasons.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from compare.questions import questions
from compare.records import records
from compare.token_settings import token_settings
from compare.words import ALIASES, FILLS, GROUPS, NAMES, PATTERNS, ROUTES, TEAMS
from compare.world_draws import WorldDraws

Fields = dict[str, Any]
MASTER_KEY = "sk-master-of-the-world"


@dataclass(frozen=True)
class World:
    """`modelward` are settings that LiteLLM does not have; a question names its caller, see `questions`."""

    seed: int
    number: int
    config: Fields = field(repr=False)
    modelward: Fields = field(repr=False)
    records: Fields = field(repr=False)
    questions: list[Fields] = field(repr=False)


def world(seed: int, number: int) -> World:
    """The world of that number."""
    draws = WorldDraws(Random(f"{seed}/{number}"))
    config = _config(draws, f"w{number}")
    names = reachable(config)
    drawn = records(draws, names, f"w{number}")
    if has_tokens := draws.rarely(35):
        config["general_settings"] |= token_settings(draws, names)
    asked = questions(draws, drawn, names, config["general_settings"].get("litellm_jwtauth") if has_tokens else None)
    modelward = {"allow_unmapped_jwt": True} if draws.rarely(50) else {}
    return World(seed, number, config, modelward, drawn, asked)


def reachable(config: Fields) -> list[str]:
    """Names that come to something: entries, public names, aliases, names under patterns, and what is behind them."""
    rows = config["model_list"]
    named = [row["model_name"] for row in rows] + [row["model_info"].get("team_public_model_name", "") for row in rows]
    under = [name.replace("*", fill) for name in named if "*" in name for fill in FILLS]
    behind = [name for row in rows[:1] for name in (row["litellm_params"]["model"], row["model_info"]["id"])]
    bare = [name.rpartition("/")[2] for name in [*named, *under]]
    aliases = [*config["router_settings"].get("model_group_alias", {}), *config["litellm_settings"]["model_alias_map"]]
    return sorted({word for word in [*named, *under, *behind, *bare, *aliases] if word and "*" not in word})


def _config(draws: WorldDraws, prefix: str) -> Fields:
    rows = [_deployment(draws, f"{prefix}-{index}") for index in range(draws.number(2, 6))]
    drawn: Fields = {
        "model_list": rows,
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        "litellm_settings": {"personal_key_model_access_from_teams": draws.rarely(15), "model_alias_map": {}},
        "general_settings": {"master_key": MASTER_KEY},
    }
    if draws.rarely(25):
        _add_aliases(draws, drawn)
    if draws.rarely(10):
        _add_fallbacks(draws, drawn)
    if draws.rarely(4):
        drawn["general_settings"]["allowed_routes"] = draws.some(ROUTES, 3, least=1)
    if draws.rarely(3):
        drawn["general_settings"]["completion_model"] = rows[0]["model_name"].replace("*", FILLS[0])
    return drawn


def _deployment(draws: WorldDraws, identifier: str) -> Fields:
    name = draws.pick(draws.pick([NAMES, NAMES, PATTERNS]))
    params = {"model": _upstream(draws, name), "api_key": "none", "mock_response": f"served by {name}"}
    info: Fields = {"id": identifier, "access_groups": draws.different(GROUPS, 2)}
    if draws.rarely(8):
        info |= {"team_id": draws.pick(TEAMS), "team_public_model_name": name}
        name = draws.pick([name, f"internal-{identifier}"])
    return {"model_name": name, "litellm_params": params, "model_info": info}


def _upstream(draws: WorldDraws, name: str) -> str:
    """What the provider calls it; the worlds do not ask whether that model is there."""
    provider, slash, _ = name.partition("/")
    known = slash and provider in {"openai", "anthropic", "bedrock", "vertex_ai", "gemini"}
    return name if known else draws.pick(["openai/gpt-4o", "openai/x", "anthropic/claude-3-5-sonnet-20240620"])


def _add_aliases(draws: WorldDraws, config: Fields) -> None:
    """Global ones, in both places; none leads to itself."""
    names = [row["model_name"] for row in config["model_list"] if "*" not in row["model_name"]]
    aliases = draws.different(ALIASES, 2, least=1)
    for place, alias in enumerate(aliases):
        targets = [
            name for name in [*names, *aliases[place + 1 :], "openai/gpt-4o"] if name not in aliases[: place + 1]
        ]
        target = draws.pick(targets)
        if draws.rarely(50):
            config["litellm_settings"]["model_alias_map"][alias] = target
        else:
            value = draws.pick([target, {"model": target, "hidden": False}, {"model": target, "hidden": True}])
            config["router_settings"].setdefault("model_group_alias", {})[alias] = value


def _add_fallbacks(draws: WorldDraws, config: Fields) -> None:
    """The first entry fails, as nobody listens there, and others stand in for it."""
    failing, *others = dict.fromkeys(row["model_name"] for row in config["model_list"])
    for row in config["model_list"]:
        if row["model_name"] == failing:
            del row["litellm_params"]["mock_response"]
            row["litellm_params"] |= {"api_base": "http://127.0.0.1:9/v1", "max_retries": 0}
    targets = [name for name in others if "*" not in name]
    if targets and "*" not in failing:
        config["router_settings"]["fallbacks"] = [{failing: draws.different(targets, 2, least=1)}]
