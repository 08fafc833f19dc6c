"""Drawn configs, in the words of config.yaml."""

from typing import Any

from engines.drawn import Dice
from engines.drawn_jwt import jwt_settings
from engines.words import ALIASES, GROUPS, NAMES, ROUTE_ITEMS, SPELLED, TEAMS, WILDCARDS

Config = dict[str, Any]

_OUT_OF_SERVICE = (
    {"model": "zai/x", "api_key": "sk-x"},
    {"model": "openai/x"},
    {"model": "azure/x", "api_key": "sk-x"},
)


def config(dice: Dice) -> Config:
    """A config.yaml as LiteLLM has it; aliases never form a cycle."""
    spelled = dice.pick_or_none(sorted(SPELLED), 10)
    rows = range(dice.number(2, 9))
    drawn: Config = {"model_list": [_deployment(dice, index, _entry(dice, spelled)) for index in rows]}
    drawn["litellm_settings"] = {"personal_key_model_access_from_teams": dice.rarely(20)}
    _add_aliases(dice, drawn)
    drawn["general_settings"] = {"master_key": "sk-master", "enable_jwt_auth": True}
    drawn["general_settings"] |= jwt_settings(dice, [name for name in reachable(drawn) if "%" not in name])
    if dice.rarely(30):
        drawn["general_settings"]["enforce_fallback_model_access"] = False
    if dice.rarely(5):
        drawn["general_settings"]["allowed_routes"] = dice.some(ROUTE_ITEMS, 3, least=1)
    if dice.rarely(4):
        drawn["general_settings"]["admin_only_routes"] = dice.some([item for item in ROUTE_ITEMS if "%" not in item], 2)
    drawn["modelward_settings"] = {
        "empty_list": "deny" if dice.rarely(15) else "allow",
        "allow_unmapped_jwt": dice.rarely(15),
        "provider_names": {"openai": ["my-gpt", "gpt-4-eu"], "anthropic": ["gpt-4"]} if dice.rarely(20) else {},
    }
    return drawn


def reachable(config: Config) -> list[str]:
    """Names that come to something: entries, public names, aliases, and names under the wildcard entries."""
    rows = config["model_list"]
    named = [row["model_name"] for row in rows] + [row["model_info"].get("team_public_model_name", "") for row in rows]
    under = [name.replace("*", fill) for name in named if "*" in name for fill in ("", "gpt-4", "o1-mini", "l")]
    aliases = [*config.get("router_settings", {}).get("model_group_alias", {})]
    aliases += [*config.get("litellm_settings", {}).get("model_alias_map", {})]
    bare = [name.partition("/")[2] for name in [*named, *under] if "*" not in name and name.count("/") == 1]
    words = [*named, *under, *aliases, *bare, *_spelled_alike(rows)]
    return sorted({word for word in words if word and "*" not in word}) or ["gpt-4"]


def _spelled_alike(rows: list[Config]) -> set[str]:
    """The names of the same models as those of the deployments, in all their spellings."""
    models = [row["litellm_params"]["model"] for row in rows]
    providers = {model.partition("/")[0] for model in models if "*" in model}
    return {
        spelled
        for words, names in SPELLED.items()
        if providers & set(words.split())
        for name in names
        for spelled in (f"{word}/{name}" for word in words.split())
    }


def _entry(dice: Dice, spelled: str | None) -> tuple[str, str]:
    """A name, and what the upstream calls the model: for a pattern, most often what the name says at its `*`."""
    if spelled is None or dice.rarely(15):
        return dice.pick(dice.pick([NAMES, WILDCARDS, GROUPS[:2]])), "openai/x"
    provider, model = dice.pick(spelled.split()), dice.pick([name for name in SPELLED[spelled] if "%" not in name])
    name = dice.pick([model, *[f"{provider}/{model}"] * 4]) if ".*" not in model else f"{provider}/{model}"
    told = f"{provider}/{dice.pick([model, model, '*']) if model.count('*') == 1 else model}"
    return name, f"{provider}/x" if dice.rarely(10) else told


def _deployment(dice: Dice, index: int, entry: tuple[str, str]) -> Config:
    name, model = entry
    info: Config = {"id": f"d{index}", "access_groups": dice.different(GROUPS, 2)}
    if dice.rarely(15):
        info |= {"team_id": dice.pick(TEAMS), "team_public_model_name": name}
        name = dice.pick([name, f"internal-{index}"])
    params = dice.pick(_OUT_OF_SERVICE) if dice.rarely(8) else {"model": model, "mock_response": "hello"}
    return {"model_name": name, "litellm_params": params, "model_info": info}


def _add_aliases(dice: Dice, config: Config) -> None:
    names = [row["model_name"] for row in config["model_list"]]
    aliases = dice.different(ALIASES, 3)
    for place, alias in enumerate(aliases):
        targets = [*names, *aliases[place + 1 :], "ghost"]
        target = dice.pick([name for name in targets if name not in aliases[: place + 1] and "*" not in name])
        if dice.rarely(50):
            config["litellm_settings"].setdefault("model_alias_map", {})[alias] = target
        else:
            hidden = [{"model": target, "hidden": value} for value in (True, False)]
            value = dice.pick([target, *hidden])
            config.setdefault("router_settings", {}).setdefault("model_group_alias", {})[alias] = value
