"""Small worlds with one question, for tests of what explains a disagreement."""

from typing import Any

from compare.case import Case
from compare.worlds import World

Fields = dict[str, Any]
KEY = "sk-example"


def row(name: str, upstream: str = "openai/x", groups: tuple[str, ...] = (), **info: str) -> Fields:
    """A deployment."""
    return {
        "model_name": name,
        "litellm_params": {"model": upstream},
        "model_info": {"id": f"id-of-{name}", "access_groups": [*groups], **info},
    }


def case(
    model: str,
    *rows: Fields,
    rules: tuple[str, ...] = (),
    refusal: tuple[int, str] | None = None,
    key: Fields | None = None,
    claims: Fields | None = None,
    jwt: Fields | None = None,
    general: Fields | None = None,
    aliases: Fields | None = None,
    records: Fields | None = None,
    told: Fields | None = None,
    served: tuple[str, str] = ("one", "one"),
    **body: object,
) -> Case:
    """A question about `model`: Modelward refuses by `rules`, LiteLLM by status and type, else both serve."""
    kinds = ("organizations", "projects", "customers", "access_groups", "users", "teams", "keys")
    config = {
        "model_list": [*rows],
        "router_settings": {"model_group_alias": aliases or {}},
        "litellm_settings": {"model_alias_map": {}},
        "general_settings": {**(general or {}), **({"litellm_jwtauth": jwt} if jwt is not None else {})},
    }
    own = {"key": KEY, "models": [], **(key or {})}
    world = World(1, 1, config, {}, {**{kind: [] for kind in kinds}, **(records or {}), "keys": [own]}, [])
    caller = {"claims": claims} if claims is not None else {"key": KEY}
    question = {
        "caller": caller,
        "method": "POST",
        "path": "/v1/chat/completions",
        "headers": {},
        "body": {"model": model, **body},
    }
    status, kind = refusal or (200, "")
    ours = _answer(403 if rules else 200, "", served[0]) | {"rules": [*rules], "team": None, "user": None, "role": None}
    return Case(world, question, ours | (told or {}), _answer(status, kind, served[1]), model)


def _answer(status: int, kind: str, served: str) -> Fields:
    return {"status": status, "type": kind, "message": "", "models": None, "served": served if status == 200 else None}
