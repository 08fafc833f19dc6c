"""For every record of the store that refuses: the call of the management API that would allow it, made for real."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from explain.world import GENERAL, KEY, MODELS, World
from modelward.explain.report import ManagementCall


def post(path: str, **body: Any) -> ManagementCall:
    """A call of the management API."""
    return ManagementCall("POST", path, body)


def key(**fields: Any) -> ManagementCall:
    """Makes the key that asks."""
    return post("/key/generate", key=KEY, key_alias="ci", **fields)


@dataclass(frozen=True)
class Case:
    """What is made first, and which rules refuse then."""

    made: list[ManagementCall]
    rules: list[str]
    paths: list[str]
    asked: dict[str, Any] = field(default_factory=lambda: {"key": KEY})
    sections: str = ""


JWT = "  enable_jwt_auth: true\n"
TEAM_TOKEN = JWT + "  litellm_jwtauth: {team_id_jwt_field: team}\n"
USER_TOKEN = JWT + "  litellm_jwtauth: {user_id_jwt_field: sub}\n"
FROM_TEAMS = "litellm_settings: {personal_key_model_access_from_teams: true}\n"
OLD = "2020-01-01T00:00:00Z"
RED = post("/team/new", team_id="red", models=["gpt-4"])
USER = post("/user/new", user_id="u", models=[], auto_create_key=False)
CASES = {
    "key": Case([key(models=["beta"])], ["key_model_access"], ["/key/update"]),
    "blocked key": Case([key(blocked=True)], ["key_active"], ["/key/update"]),
    "expired key": Case([key(expires=OLD)], ["key_expiry"], ["/key/update"]),
    "key's routes": Case([key(allowed_routes=["/v1/embeddings"])], ["key_routes"], ["/key/update"]),
    "key without a list": Case(
        [key()], ["key_model_access"], ["/key/update"], sections="modelward_settings: {empty_list: deny}\n"
    ),
    "unknown team": Case([key(team_id="gone")], ["team_exists"], ["/team/new"]),
    "unknown project": Case([key(project_id="gone")], ["project_exists"], ["/project/new"]),
    "unknown organization": Case(
        [key(organization_id="gone")], ["org_exists", "org_model_access"], ["/organization/new"]
    ),
    "team": Case([RED, key(team_id="red")], ["team_model_access"], ["/team/update"]),
    "blocked team": Case(
        [post("/team/new", team_id="red", blocked=True), key(team_id="red")], ["team_active"], ["/team/update"]
    ),
    "blocked team with a list": Case(
        [post("/team/new", team_id="red", blocked=True, models=["gpt-4"]), key(team_id="red")],
        ["team_active", "team_model_access"],
        ["/team/update", "/team/update"],
    ),
    "member": Case(
        [
            post("/team/new", team_id="red", members_with_roles=[{"user_id": "u", "allowed_models": ["gpt-4"]}]),
            key(team_id="red", user_id="u"),
        ],
        ["member_model_access"],
        ["/team/member_update"],
    ),
    "deactivated user": Case(
        [
            post("/user/new", user_id="u", metadata={"scim_active": False, "a": 1}, auto_create_key=False),
            key(user_id="u"),
        ],
        ["user_active"],
        ["/user/update"],
    ),
    "view-only admin": Case(
        [post("/user/new", user_id="u", user_role="proxy_admin_viewer", auto_create_key=False), key(user_id="u")],
        ["user_role"],
        ["/user/update"],
    ),
    "user": Case(
        [post("/user/new", user_id="u", models=["gpt-4"], auto_create_key=False), key(user_id="u")],
        ["user_model_access"],
        ["/user/update"],
    ),
    "user without personal models": Case(
        [post("/user/new", user_id="u", models=["no-default-models"], auto_create_key=False), key(user_id="u")],
        ["user_default_models", "user_model_access"],
        ["/user/update"],
    ),
    "owner in no team": Case([USER, key(user_id="u")], ["user_team_models"], ["/team/new"], sections=FROM_TEAMS),
    "owner's team": Case(
        [USER, RED, post("/team/member_add", team_id="red", member={"role": "user", "user_id": "u"}), key(user_id="u")],
        ["user_team_models"],
        ["/team/update"],
        sections=FROM_TEAMS,
    ),
    "project": Case(
        [post("/project/new", project_id="p", models=["gpt-4"]), key(project_id="p")],
        ["project_model_access"],
        ["/project/update"],
    ),
    "blocked project": Case(
        [post("/project/new", project_id="p", blocked=True), key(project_id="p")],
        ["project_active"],
        ["/project/update"],
    ),
    "organization": Case(
        [
            post("/organization/new", organization_id="acme", organization_alias="acme", models=["gpt-4"]),
            key(organization_id="acme"),
        ],
        ["org_model_access"],
        ["/organization/update"],
    ),
    "customer": Case(
        [post("/customer/new", user_id="c", models=["gpt-4"]), key()],
        ["customer_model_access"],
        ["/customer/update"],
        {"key": KEY, "customer_id": "c"},
    ),
    "blocked customer": Case(
        [post("/customer/new", user_id="c", blocked=True), key()],
        ["customer_active"],
        ["/customer/update"],
        {"key": KEY, "customer_id": "c"},
    ),
    "unknown team of a token": Case([], ["token_team_exists"], ["/team/new"], {"claims": {"team": "gone"}}, TEAM_TOKEN),
    "team of a token": Case([RED], ["team_model_access"], ["/team/update"], {"claims": {"team": "red"}}, TEAM_TOKEN),
    "one of a token's teams": Case(
        [RED, post("/team/new", team_id="blue", models=["beta"])],
        ["token_team_choice", "token_mapped"],
        ["/team/update"],
        {"claims": {"teams": ["red", "blue"]}},
        JWT + "  litellm_jwtauth: {team_ids_jwt_field: teams}\n",
    ),
    "unknown user of a token": Case([], ["token_user"], ["/user/new"], {"claims": {"sub": "u"}}, USER_TOKEN),
    "user of a token": Case(
        [post("/user/new", user_id="u", models=["gpt-4"], auto_create_key=False)],
        ["user_model_access"],
        ["/user/update"],
        {"claims": {"sub": "u"}},
        USER_TOKEN,
    ),
}


@pytest.mark.parametrize("name", list(CASES))
async def test_the_calls_named_are_what_the_management_api_needs_to_allow_it(world: World, name: str) -> None:
    case = CASES[name]
    text = MODELS + GENERAL + case.sections
    await world.manage(text, *case.made)
    refused = await world.ask(text, **case.asked)
    assert (refused.allow, [reason.rule for reason in refused.reasons]) == (False, case.rules)
    assert refused.verified
    calls = [change.call for change in refused.changes if change.call]
    assert [call.path for call in calls] == case.paths
    assert [change.place for change in refused.changes] == [None] * len(calls)
    await world.manage(text, *calls)
    allowed = await world.ask(text, **case.asked)
    assert (allowed.allow, allowed.reasons) == (True, [])
