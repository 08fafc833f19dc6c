"""Drawn catalogues, callers and requests, from few words so that they meet often."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from engines.words import ALIASES, GROUPS, JUNK, NAMES, ROUTE_ITEMS, SPECIAL, TEAMS, WILDCARDS
from modelward.contract import Caller, Input, Key, Request, Team, User

NOW = 1_800_000_000_000_000_000
_HOUR = 3_600 * 10**9
_PATHS = {
    "/v1/chat/completions": ("POST", "/v1/chat/completions", ["openai_routes", "llm_api_routes"]),
    "/openai/deployments/{model}/chat/completions": (
        "POST",
        "/openai/deployments/some-model/chat/completions",
        ["openai_routes", "llm_api_routes"],
    ),
}


@dataclass(frozen=True)
class Scenario:
    """One catalogue's config and what is asked of it."""

    config: dict[str, Any]
    inputs: list[Input]


def _rarely(percent: int) -> st.SearchStrategy[bool]:
    return st.integers(0, 99).map(lambda drawn: drawn >= 100 - percent)


def _some(words: list[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), max_size=most)


@st.composite
def _deployment(draw: st.DrawFn, index: int) -> dict[str, Any]:
    name = draw(st.sampled_from(NAMES) | st.sampled_from(WILDCARDS) | st.sampled_from(GROUPS[:2]))
    info: dict[str, Any] = {
        "id": f"d{index}",
        "access_groups": draw(st.lists(st.sampled_from(GROUPS), max_size=2, unique=True)),
    }
    if draw(_rarely(15)):
        info |= {"team_id": draw(st.sampled_from(TEAMS)), "team_public_model_name": name}
        name = draw(st.just(name) | st.just(f"internal-{index}"))
    return {"model_name": name, "litellm_params": {"model": "openai/x", "mock_response": "hello"}, "model_info": info}


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    """A config.yaml as LiteLLM has it; aliases never form a cycle."""
    count = draw(st.integers(2, 9))
    config: dict[str, Any] = {"model_list": [draw(_deployment(index)) for index in range(count)]}
    config["general_settings"] = {"master_key": "sk-master"}
    names = [row["model_name"] for row in config["model_list"]]
    aliases = draw(st.lists(st.sampled_from(ALIASES), max_size=3, unique=True))
    for place, alias in enumerate(aliases):
        later = [other for other in aliases[place + 1 :] if other != alias]
        targets = [name for name in [*names, *later, "ghost"] if name not in aliases[: place + 1] and "*" not in name]
        target = draw(st.sampled_from(targets))
        if draw(st.booleans()):
            config.setdefault("litellm_settings", {}).setdefault("model_alias_map", {})[alias] = target
        else:
            value = draw(
                st.sampled_from([target, {"model": target, "hidden": True}, {"model": target, "hidden": False}])
            )
            config.setdefault("router_settings", {}).setdefault("model_group_alias", {})[alias] = value
    if draw(_rarely(15)):
        config["modelward_settings"] = {"empty_list": "deny"}
    if draw(_rarely(5)):
        config["general_settings"]["allowed_routes"] = draw(
            st.lists(st.sampled_from(ROUTE_ITEMS), min_size=1, max_size=3)
        )
    if draw(_rarely(4)):
        config["general_settings"]["admin_only_routes"] = draw(st.lists(st.sampled_from(ROUTE_ITEMS), max_size=2))
    return config


@st.composite
def _grants(draw: st.DrawFn, words: list[str], asked: list[str]) -> list[str]:
    """A grant list: empty, or what was asked for, or anything."""
    chance = draw(st.integers(0, 99))
    if chance < 30:
        return []
    other = draw(_some([*words, *SPECIAL, *JUNK, *GROUPS, *WILDCARDS], 3))
    return draw(st.permutations([*(asked if chance < 75 else []), *other]))


@st.composite
def _flat_aliases(draw: st.DrawFn, words: list[str]) -> dict[str, str]:
    """Aliases of a key or a team, every target final."""
    if draw(_rarely(75)):
        return {}
    names = [*("mine", "ours", *ALIASES), *words]
    aliases = draw(st.dictionaries(st.sampled_from(names), st.sampled_from([*words, "ghost"]), max_size=2))
    return {alias: target for alias, target in aliases.items() if target not in aliases}


@st.composite
def callers(draw: st.DrawFn, words: list[str], asked: list[str]) -> Caller:
    """The master key, or a key with some of a team and an owner."""
    if draw(_rarely(5)):
        return Caller(kind="master")
    team_id = draw(st.none() | st.sampled_from(TEAMS))
    team = None
    if team_id and not draw(_rarely(4)):
        models, aliases = draw(_grants(words, asked)), draw(_flat_aliases(words))
        team = Team(team_id=team_id, models=models, model_aliases=aliases, blocked=draw(_rarely(4)))
    user = draw(st.none() | _user(words, asked))
    key = Key(
        hash="0" * 64,
        models=draw(_grants(words, asked)),
        aliases=draw(_flat_aliases(words)),
        team_id=team_id,
        user_id=user.user_id if user else draw(st.none() | st.just("nobody")),
        expires_ns=draw(st.sampled_from([None] * 20 + [NOW - _HOUR] + [NOW + _HOUR] * 4)),
        blocked=draw(_rarely(4)),
        allowed_routes=draw(_some(ROUTE_ITEMS, 3)) if draw(_rarely(10)) else [],
    )
    return Caller(kind="key", key=key, team=team, user=user)


@st.composite
def _user(draw: st.DrawFn, words: list[str], asked: list[str]) -> User:
    role = draw(st.sampled_from([None, "internal_user", "internal_user", "proxy_admin", "proxy_admin_viewer", "team"]))
    metadata = {"scim_active": False} if draw(_rarely(4)) else {"scim_active": True}
    return User(user_id="u1", role=role, models=draw(_grants(words, asked)), metadata=metadata)


@st.composite
def _request(draw: st.DrawFn, words: list[str]) -> Request:
    route = draw(st.sampled_from(sorted(_PATHS)))
    method, path, groups = _PATHS[route]
    asked = words if draw(_rarely(85)) else [*NAMES, *WILDCARDS, *GROUPS, *SPECIAL, *ALIASES, *JUNK[1:], "mine", "ours"]
    count = draw(st.sampled_from([1, 1, 1, 1, 2, 3]))
    models = draw(st.lists(st.sampled_from(asked), min_size=1, max_size=count, unique=True))
    return Request(
        method=method,
        path=path,
        route=route,
        operation="infer",
        groups=groups,
        models=models,
        time_ns=NOW,
        differ=len(models) > 1 and draw(_rarely(5)),
        problem="field `model` is wrong" if draw(_rarely(2)) else "",
    )


def reachable(config: dict[str, Any]) -> list[str]:
    """Names that come to something: entries, public names, aliases, and names under the wildcard entries."""
    rows = config["model_list"]
    named = [row["model_name"] for row in rows] + [row["model_info"].get("team_public_model_name", "") for row in rows]
    under = [name.replace("*", fill) for name in named if "*" in name for fill in ("", "gpt-4", "o1-mini", "l")]
    aliases = [*config.get("router_settings", {}).get("model_group_alias", {})]
    aliases += [*config.get("litellm_settings", {}).get("model_alias_map", {})]
    bare = [name.removeprefix("openai/") for name in under if name.startswith(("openai/gpt-", "openai/o1"))]
    words = [*named, *under, *aliases, *bare]
    return sorted({word for word in words if word and "*" not in word}) or ["gpt-4"]


@st.composite
def scenarios(draw: st.DrawFn, questions: int) -> Scenario:
    """One catalogue with as many questions."""
    config = draw(configs())
    words = reachable(config)
    requests = [draw(_request(words)) for _ in range(questions)]
    return Scenario(config, [Input(request, draw(callers(words, request.models))) for request in requests])
