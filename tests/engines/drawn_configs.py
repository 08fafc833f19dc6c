"""Drawn configs, in the words of config.yaml."""

from typing import Any

from engines.drawn import Draws
from engines.drawn_jwt import jwt_settings
from engines.words import ALIASES, GROUPS, NAMES, ROUTE_ITEMS, SPELLED, TEAMS, WILDCARDS

Config = dict[str, Any]

_OUT_OF_SERVICE = (
    {"model": "zai/x", "api_key": "sk-x"},
    {"model": "openai/x"},
    {"model": "azure/x", "api_key": "sk-x"},
)


def config(draws: Draws) -> Config:
    """A config.yaml as LiteLLM has it; aliases never form a cycle."""
    spelled = draws.pick_or_none(sorted(SPELLED), 10)
    rows = range(draws.number(2, 9))
    drawn: Config = {"model_list": [_deployment(draws, index, _entry(draws, spelled)) for index in rows]}
    drawn["litellm_settings"] = {"personal_key_model_access_from_teams": draws.rarely(20)}
    _add_aliases(draws, drawn)
    drawn["general_settings"] = {"master_key": "sk-master", "enable_jwt_auth": True}
    drawn["general_settings"] |= jwt_settings(draws, [name for name in reachable(drawn) if "%" not in name])
    if draws.rarely(30):
        drawn["general_settings"]["enforce_fallback_model_access"] = False
    if draws.rarely(5):
        drawn["general_settings"]["allowed_routes"] = draws.some(ROUTE_ITEMS, 3, least=1)
    if draws.rarely(4):
        drawn["general_settings"]["admin_only_routes"] = draws.some(
            [item for item in ROUTE_ITEMS if "%" not in item], 2
        )
    drawn["modelward_settings"] = {
        "empty_list": "deny" if draws.rarely(15) else "allow",
        "allow_unmapped_jwt": draws.rarely(15),
        "provider_names": {"openai": ["my-gpt", "gpt-4-eu"], "anthropic": ["gpt-4"]} if draws.rarely(20) else {},
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


def _entry(draws: Draws, spelled: str | None) -> tuple[str, str]:
    """A name, and what the upstream calls the model: for a pattern, most often what the name says at its `*`."""
    if spelled is None or draws.rarely(15):
        return draws.pick(draws.pick([NAMES, WILDCARDS, GROUPS[:2]])), "openai/x"
    provider, model = draws.pick(spelled.split()), draws.pick([name for name in SPELLED[spelled] if "%" not in name])
    name = draws.pick([model, *[f"{provider}/{model}"] * 4]) if ".*" not in model else f"{provider}/{model}"
    told = f"{provider}/{draws.pick([model, model, '*']) if model.count('*') == 1 else model}"
    return name, f"{provider}/x" if draws.rarely(10) else told


def _deployment(draws: Draws, index: int, entry: tuple[str, str]) -> Config:
    name, model = entry
    info: Config = {"id": f"d{index}", "access_groups": draws.different(GROUPS, 2)}
    if draws.rarely(15):
        info |= {"team_id": draws.pick(TEAMS), "team_public_model_name": name}
        name = draws.pick([name, f"internal-{index}"])
    params = draws.pick(_OUT_OF_SERVICE) if draws.rarely(8) else {"model": model, "mock_response": "hello"}
    return {"model_name": name, "litellm_params": params, "model_info": info}


def _add_aliases(draws: Draws, config: Config) -> None:
    names = [row["model_name"] for row in config["model_list"]]
    aliases = draws.different(ALIASES, 3)
    for place, alias in enumerate(aliases):
        targets = [*names, *aliases[place + 1 :], "ghost"]
        target = draws.pick([name for name in targets if name not in aliases[: place + 1] and "*" not in name])
        if draws.rarely(50):
            config["litellm_settings"].setdefault("model_alias_map", {})[alias] = target
        else:
            hidden = [{"model": target, "hidden": value} for value in (True, False)]
            value = draws.pick([target, *hidden])
            config.setdefault("router_settings", {}).setdefault("model_group_alias", {})[alias] = value
