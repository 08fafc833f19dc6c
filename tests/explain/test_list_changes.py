"""For every list that a config declares: what refuses, where it is declared, and what would allow the call."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from explain.world import GENERAL, HASH, KEY, MODELS, World, lengthened

KEY_LINE = f"keys:\n  - {{key_hash: 'sha256:{HASH}', key_alias: ci, "


@dataclass(frozen=True)
class Case:
    """A config whose last list refuses, and what is said of it."""

    sections: str
    rule: str
    words: str
    asked: dict[str, Any] = field(default_factory=lambda: {"key": KEY})
    general: str = ""


JWT = {"claims": {"sub": "u", "roles": "dev", "scope": "chat"}}
ROLES = """\
  enable_jwt_auth: true
  role_permissions:
    - {role: internal_user, models: [gpt-4]}
  litellm_jwtauth: {user_id_jwt_field: sub, user_id_upsert: true, enforce_rbac: true}
"""
SCOPES = """\
  enable_jwt_auth: true
  litellm_jwtauth:
    user_id_jwt_field: sub
    user_id_upsert: true
    enforce_scope_based_access: true
    scope_mappings:
      - {scope: chat, models: [gpt-4]}
"""
CASES = {
    "key": Case(KEY_LINE + "models: [gpt-4]}\n", "key_model_access", "`models` of key `ci`"),
    "key of groups": Case(KEY_LINE + "models: [beta]}\n", "key_model_access", "`models` of key `ci`"),
    "team": Case(
        "teams:\n  - {team_id: red, models: [gpt-4]}\n" + KEY_LINE + "team_id: red}\n",
        "team_model_access",
        "`models` of team `red`",
    ),
    "member": Case(
        "teams:\n  - team_id: red\n    members_with_roles:\n      - {user_id: u, allowed_models: [gpt-4]}\n"
        + KEY_LINE
        + "team_id: red, user_id: u}\n",
        "member_model_access",
        "`allowed_models` of member `u` of team `red`",
    ),
    "user": Case(
        "users:\n  - {user_id: u, models: [gpt-4]}\n" + KEY_LINE + "user_id: u}\n",
        "user_model_access",
        "`models` of user `u`",
    ),
    "project": Case(
        "projects:\n  - {project_id: p, models: [gpt-4]}\n" + KEY_LINE + "project_id: p}\n",
        "project_model_access",
        "`models` of project `p`",
    ),
    "organization": Case(
        "organizations:\n  - {organization_id: acme, models: [gpt-4]}\n" + KEY_LINE + "organization_id: acme}\n",
        "org_model_access",
        "`models` of organization `acme`",
    ),
    "team's organization": Case(
        "organizations:\n  - {organization_id: acme, models: [gpt-4]}\n"
        "teams:\n  - {team_id: red, organization_id: acme}\n" + KEY_LINE + "team_id: red}\n",
        "team_org_model_access",
        "`models` of organization `acme`",
    ),
    "customer": Case(
        "customers:\n  - {user_id: c, models: [gpt-4]}\n" + KEY_LINE + "models: []}\n",
        "customer_model_access",
        "`models` of customer `c`",
        {"key": KEY, "customer_id": "c"},
    ),
    "team of a made-up key": Case(
        "teams:\n  - {team_id: red, models: [gpt-4]}\n",
        "team_model_access",
        "`models` of team `red`",
        {"team_id": "red"},
    ),
    "role": Case("", "role_model_access", "`models` of role `internal_user` in `role_permissions`", JWT, ROLES),
    "scope": Case("", "scope_model_access", "`models` of scope `chat` in `scope_mappings`", JWT, SCOPES),
    "key with an alias of its own": Case(
        KEY_LINE + "models: [gpt-4], aliases: {fast: gpt-4o}}\n",
        "key_model_access",
        "`models` of key `ci`",
        {"key": KEY, "model": "fast"},
    ),
}


def _text(case: Case) -> str:
    return MODELS + GENERAL + case.general + case.sections


def _place(text: str) -> str:
    """The list that refuses: the first that holds something but not `gpt-4o`, after `model_list`."""
    for number, line in enumerate(text.splitlines(), 1):
        for refusing in ("models: [gpt-4]", "models: [beta]"):
            if refusing in line and "model_list" not in line and not line.startswith("  - {model_name"):
                return f"config.yaml:{number}:{line.index(refusing) + len('models: ') + 1}"
    raise AssertionError("no list refuses")


@pytest.mark.parametrize("name", list(CASES))
async def test_a_list_that_refuses_is_named_with_its_place_and_the_change_it_needs(world: World, name: str) -> None:
    case = CASES[name]
    report = await world.ask(_text(case), **case.asked)
    (change,) = report.changes
    assert [reason.rule for reason in report.reasons] == [case.rule]
    assert (change.rule, change.words) == (case.rule, f"add `gpt-4o` to {case.words}")
    assert (change.place, change.call) == (_place(_text(case)), None)
    assert report.verified
    (denying,) = [layer for layer in report.layers if layer.verdict == "denies"]
    assert (denying.rule, denying.place) == (case.rule, change.place)
    assert denying.list in (["gpt-4"], ["beta"])


@pytest.mark.parametrize("name", list(CASES))
async def test_the_change_made_in_the_file_allows_the_call(world: World, name: str) -> None:
    case = CASES[name]
    refused = await world.ask(_text(case), **case.asked)
    (change,) = refused.changes
    allowed = await world.ask(lengthened(_text(case), change.place or "", "gpt-4o"), **case.asked)
    assert (refused.allow, allowed.allow) == (False, True)
    assert (allowed.reasons, allowed.changes) == ([], [])


async def test_every_list_that_refuses_needs_its_own_change(world: World) -> None:
    team = "teams:\n  - {team_id: red, models: [gpt-4], organization_id: acme}\n"
    organization = "organizations:\n  - {organization_id: acme, models: [gpt-4]}\n"
    text = MODELS + GENERAL + team + organization + KEY_LINE + "models: [gpt-4], team_id: red}\n"
    report = await world.ask(text, key=KEY)
    assert [change.rule for change in report.changes] == [
        "key_model_access",
        "team_model_access",
        "team_org_model_access",
    ]
    assert report.verified
    for change in report.changes:
        assert not (await world.ask(text, key=KEY)).allow
        text = lengthened(text, change.place or "", "gpt-4o")
    assert (await world.ask(text, key=KEY)).allow


async def test_what_covers_a_model_is_said_of_the_layers_that_allow(world: World) -> None:
    team = "teams:\n  - {team_id: red, models: [beta]}\n"
    report = await world.ask(MODELS + GENERAL + team + KEY_LINE + "team_id: red}\n", key=KEY, model="gpt-4")
    assert report.allow
    assert [(layer.layer, layer.covered) for layer in report.layers] == [
        ("key", {"gpt-4": "no restriction"}),
        ("team", {"gpt-4": "beta"}),
    ]
