"""What refuses and is no list of a record: declared records, routes, tokens, the request itself."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from explain.world import GENERAL, HASH, KEY, MASTER_KEY, MODELS, World

KEY_LINE = f"keys:\n  - {{key_hash: 'sha256:{HASH}', key_alias: ci, "
JWT = "  enable_jwt_auth: true\n  litellm_jwtauth: "


@dataclass(frozen=True)
class Case:
    """What is asked of which config, the rules that refuse, and the changes in words."""

    rules: list[str]
    words: list[str]
    sections: str = KEY_LINE + "models: []}\n"
    general: str = ""
    asked: dict[str, Any] = field(default_factory=lambda: {"key": KEY})
    verified: bool = True


CASES = {
    "unknown model": Case(
        ["model_known"],
        ["add `gpt-9` to `model_list`, or ask for a model that is there"],
        asked={"key": KEY, "model": "gpt-9"},
    ),
    "unknown model that the list does not hold": Case(
        ["key_model_access", "model_known"],
        ["add `gpt-9` to `models` of key `ci`", "add `gpt-9` to `model_list`, or ask for a model that is there"],
        KEY_LINE + "models: [gpt-4]}\n",
        asked={"key": KEY, "model": "gpt-9"},
    ),
    "no model": Case(
        ["well_formed"],
        ["send another request: as long as its form is wrong, no change here allows it"],
        asked={"key": KEY, "models": [], "model": None},
        verified=False,
    ),
    "malformed model": Case(
        ["well_formed"],
        ["send another request: as long as its form is wrong, no change here allows it"],
        asked={"key": KEY, "model": " gpt-4o"},
        verified=False,
    ),
    "a group's name": Case(
        ["model_known"],
        ["add `beta` to `model_list`, or ask for a model that is there"],
        asked={"key": KEY, "model": "beta"},
    ),
    "two names": Case(
        ["names_agree"],
        ["name the same model in every place of the request"],
        asked={"key": KEY, "model": "gpt-4", "route": "/engines/gpt-4o/chat/completions"},
    ),
    "closed route": Case(
        ["proxy_routes"],
        ["add `/v1/chat/completions` to `general_settings.allowed_routes`, which opens it to every caller"],
        general="  allowed_routes: [/v1/models]\n",
    ),
    "admin's route": Case(
        ["admin_only"],
        ["send the request with the master key or a proxy admin's key"],
        asked={"key": KEY, "model": None, "route": "/key/generate"},
    ),
    "declared key that is blocked": Case(
        ["key_active"], ["set `blocked: false` on key `ci`"], KEY_LINE + "blocked: true}\n"
    ),
    "declared key that has expired": Case(
        ["key_expiry"], ["give key `ci` a later `expires`"], KEY_LINE + "expires: '2020-01-01T00:00:00Z'}\n"
    ),
    "unmapped client": Case(
        ["token_client"],
        ["map the token's client to a key that has `gpt-4o`: `POST /jwt/key/mapping/new`"],
        general=JWT + "{user_id_jwt_field: sub, user_id_upsert: true, virtual_key_claim_field: azp, "
        "unregistered_jwt_client_behavior: reject}\n",
        asked={"claims": {"sub": "u", "azp": "app"}},
    ),
    "no role": Case(
        ["token_role", "token_mapped"],
        ["get a token from its issuer with a role of `role_mappings`, such as `dev`"],
        general=JWT + "{enforce_rbac: true, roles_jwt_field: roles, "
        "role_mappings: [{role: dev, internal_role: internal_user}]}\n",
        asked={"claims": {}},
    ),
    "nobody": Case(
        ["token_mapped"],
        ["get a token from its issuer that names a role, a team or a user of this proxy"],
        general=JWT + "{user_id_jwt_field: sub}\n",
        asked={"claims": {}},
        verified=False,
    ),
    "admin's token": Case(
        ["token_admin_routes"],
        [
            "set `general_settings.litellm_jwtauth.admin_allowed_routes` to "
            "`[management_routes, info_routes, /v1/chat/completions]`"
        ],
        general=JWT + "{}\n",
        asked={"claims": {"scope": "litellm_proxy_admin"}},
    ),
    "admin's token where a list is set": Case(
        ["token_admin_routes"],
        ["add `/v1/chat/completions` to `general_settings.litellm_jwtauth.admin_allowed_routes`"],
        general=JWT + "{admin_allowed_routes: [info_routes]}\n",
        asked={"claims": {"scope": "litellm_proxy_admin"}},
    ),
    "team's token on a route of no list": Case(
        ["token_team_routes"],
        [
            "set `general_settings.litellm_jwtauth.team_allowed_routes` to "
            "`[llm_api_routes, info_routes, /key/generate]`"
        ],
        "teams: [{team_id: red}]\nusers: [{user_id: u, user_role: proxy_admin}]\n",
        JWT + "{team_id_jwt_field: team, user_id_jwt_field: sub}\n",
        {"claims": {"team": "red", "sub": "u"}, "model": None, "route": "/key/generate"},
    ),
    "team's token": Case(
        ["token_team_routes"],
        ["add `/v1/chat/completions` to `general_settings.litellm_jwtauth.team_allowed_routes`"],
        "teams: [{team_id: red}]\n",
        JWT + "{team_id_jwt_field: team, team_allowed_routes: [/v1/models]}\n",
        {"claims": {"team": "red"}},
    ),
    "token without its team": Case(
        ["token_team_claim"],
        ["get a token from its issuer with the claim that names its team"],
        "users: [{user_id: u}]\n",
        JWT + "{team_id_jwt_field: team, user_id_jwt_field: sub}\n",
        {"claims": {"sub": "u"}},
        verified=False,
    ),
    "mail address": Case(
        ["token_email"],
        ["get a token from its issuer with a mail address of `example.com`"],
        general=JWT + "{user_id_jwt_field: sub, user_id_upsert: true, user_email_jwt_field: mail, "
        "user_allowed_email_domain: example.com}\n",
        asked={"claims": {"sub": "u", "mail": "u@other.example"}},
    ),
    "role's routes": Case(
        ["role_routes"],
        ["add `/v1/chat/completions` to `routes` of role `internal_user` in `role_permissions`"],
        general="  role_permissions: [{role: internal_user, routes: [/v1/models]}]\n"
        + JWT
        + "{user_id_jwt_field: sub, user_id_upsert: true, enforce_rbac: true}\n",
        asked={"claims": {"sub": "u"}},
    ),
    "no scope": Case(
        ["scope_model_access"],
        ["get a token from its issuer with the scope `chat`"],
        general=JWT + "{user_id_jwt_field: sub, user_id_upsert: true, enforce_scope_based_access: true, "
        "scope_mappings: [{scope: other, models: [gpt-4]}, {scope: chat, models: [gpt-4o]}]}\n",
        asked={"claims": {"sub": "u"}},
    ),
    "scope that is not mapped": Case(
        ["scope_model_access"],
        ["add scope `own` with `gpt-4o` to `general_settings.litellm_jwtauth.scope_mappings`"],
        general=JWT + "{user_id_jwt_field: sub, user_id_upsert: true, enforce_scope_based_access: true, "
        "scope_mappings: [{scope: chat, models: [gpt-4o]}]}\n",
        asked={"claims": {"sub": "u", "scope": "own"}},
    ),
}


@pytest.mark.parametrize("name", list(CASES))
async def test_what_refuses_is_said_with_what_it_needs(world: World, name: str) -> None:
    case = CASES[name]
    asked = {key: value for key, value in case.asked.items() if value is not None}
    if "model" in case.asked and case.asked["model"] is None:
        asked["models"], asked["model"] = [], None
    report = await world.ask(MODELS + GENERAL + case.general + case.sections, **asked)
    assert [reason.rule for reason in report.reasons] == case.rules
    assert [change.words for change in report.changes] == case.words
    assert report.verified == case.verified


async def test_a_request_that_is_allowed_needs_no_change(world: World) -> None:
    report = await world.ask(MODELS + GENERAL, key=MASTER_KEY)
    assert (report.allow, report.changes, report.verified) == (True, [], False)
    assert report.caller is not None
    assert report.caller.kind == "master"


@pytest.mark.parametrize(
    ("params", "rule", "setting"),
    [
        ("model: zai/glm", "provider_not_spoken", "`api_base`"),
        ("model: openai/gpt-4", "provider_not_configured", "`api_key`, or `api_base`,"),
    ],
)
async def test_a_model_that_is_served_nowhere_needs_what_its_deployment_lacks(
    world: World, params: str, rule: str, setting: str
) -> None:
    silent = f"  - {{model_name: silent, litellm_params: {{{params}}}}}\n"
    report = await world.ask(MODELS + silent + GENERAL, key=MASTER_KEY, model="silent")
    assert [reason.rule for reason in report.reasons] == [rule]
    assert [change.words for change in report.changes] == [
        f"set {setting} in `litellm_params` of `silent`; `modelward check` names the place"
    ]
    assert report.verified
