"""Drawn questions: each of some callers names some models, and may ask for the list of its models.

A question is `{caller, method, path, headers, body}`; `caller` is `{"key": text}` or `{"claims": claims}`.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from compare.words import (
    ADMIN_SCOPE,
    CALLS,
    CUSTOMERS,
    GROUPS,
    JUNK,
    ORGANIZATIONS,
    ROLES,
    SCOPES,
    SPECIAL,
    TEAMS,
    USERS,
)
from compare.world_draws import WorldDraws

Fields = dict[str, Any]
_MAILS = ["u1@example.com", "u3@example.com", "u3@example.com", "u1@notexample.com"]


def questions(draws: WorldDraws, records: Fields, names: list[str], jwt: Fields | None) -> list[Fields]:
    """What the world is asked: its keys, and with `litellm_jwtauth` some tokens."""
    callers: list[Fields] = [{"key": record["key"]} for record in records["keys"]]
    headers: list[Fields] = [{} for _ in callers]
    for _ in range(2 if jwt else 0):
        claims, header = _claims(draws), {}
        if draws.rarely(10):
            header = {"x-litellm-team-id": draws.pick(TEAMS)}
        callers.append({"claims": claims})
        headers.append(header)
    return [asked for pair in zip(callers, headers, strict=True) for asked in _asked(draws, *pair, records, names)]


def _asked(draws: WorldDraws, caller: Fields, headers: Fields, records: Fields, names: list[str]) -> Iterator[Fields]:
    own = {**_aliases(caller, records)}
    words = [*names, *own]
    listed = draws.rarely(12)
    models = words if listed else draws.different(words if draws.rarely(92) else [*JUNK, *GROUPS, *SPECIAL], 4, least=2)
    for model in models:
        yield _call(draws, caller, headers, model, words)
    if listed:
        yield {"caller": caller, "method": "GET", "path": "/v1/models", "headers": headers, "body": None}


def _aliases(caller: Fields, records: Fields) -> Fields:
    key: Fields = next((record for record in records["keys"] if record["key"] == caller.get("key")), {})
    team: Fields = next((record for record in records["teams"] if record["team_id"] == key.get("team_id")), {})
    return {**team.get("model_aliases", {}), **key.get("aliases", {})}


def _call(draws: WorldDraws, caller: Fields, headers: Fields, model: str, names: list[str]) -> Fields:
    template = draws.pick(CALLS)
    body: Fields = {"model": model, "messages": [{"role": "user", "content": "hello"}]}
    if draws.rarely(8):
        body["user"] = draws.pick([*CUSTOMERS, "nobody"])
    if draws.rarely(4):
        body["fallbacks"] = draws.different(names, 2, least=1)
    path = template.replace("{model}", quote(model, safe=""))
    if draws.rarely(3):
        body["model"] = draws.pick([f"{model},{draws.pick(names)}", f"{model}\n", draws.pick(names)])
    return {"caller": caller, "method": "POST", "path": path, "headers": headers, "body": body}


def _claims(draws: WorldDraws) -> Fields:
    """What a token says, at the places that the drawn settings may name."""
    scopes = [*draws.some(SCOPES, 2), *([ADMIN_SCOPE] if draws.rarely(6) else [])]
    drawn: Fields = {
        "scope": " ".join(scopes),
        "roles": draws.different([*ROLES, "team"], 2),
        "user_roles": draws.different([*ROLES, "internal_user"], 2),
        "object_id": draws.pick([*TEAMS, *USERS]),
        "team_id": draws.pick_or_none(TEAMS, 85),
        "team_alias": draws.pick_or_none([f"{team}-alias" for team in TEAMS], 85),
        "team_ids": draws.different(TEAMS, 3),
        "user_id": draws.pick_or_none(USERS, 85),
        "user_email": draws.pick_or_none(_MAILS, 85),
        "org_id": draws.pick_or_none(ORGANIZATIONS, 50),
    }
    return {claim: value for claim, value in drawn.items() if value is not None}
