"""Who a question is about: keys by any name, tokens, made-up keys, and nobody."""

from typing import Any

import pytest

from explain.world import GENERAL, HASH, KEY, MASTER_KEY, MODELS, NOW_NS, World
from modelward.errors import Invalid
from modelward.explain import Report
from modelward.explain.report import ManagementCall

KEYS = f"keys: [{{key_hash: 'sha256:{HASH}', key_alias: ci, models: [gpt-4], user_id: u}}]\n"
JWT = "  enable_jwt_auth: true\n  litellm_jwtauth: {user_id_jwt_field: sub, user_id_upsert: true}\n"
MAPPED = "  enable_jwt_auth: true\n  litellm_jwtauth: {virtual_key_claim_field: azp}\n"
TEAMS = [None, "blue", "red", "green"]


def rules(report: Report) -> list[str]:
    """The reasons' rules."""
    return [reason.rule for reason in report.reasons]


@pytest.mark.parametrize("name", [KEY, HASH, HASH.upper(), f"sha256:{HASH}", "ci"])
async def test_a_key_is_named_in_clear_text_by_hash_or_by_alias(world: World, name: str) -> None:
    report = await world.ask(MODELS + GENERAL + KEYS, key=name)
    assert report.caller is not None
    assert (report.caller.key, report.caller.key_alias, report.caller.user_id) == (HASH, "ci", "u")
    assert KEY not in repr(report)


@pytest.mark.parametrize("name", ["sk-nobody", "0" * 64, "no-alias"])
async def test_a_key_that_nobody_has_is_refused_as_the_gate_does(world: World, name: str) -> None:
    report = await world.ask(MODELS + GENERAL + KEYS, key=name)
    assert (report.allow, rules(report), report.layers) == (False, ["token_not_found_in_db"], [])
    assert [change.call for change in report.changes] == [
        ManagementCall("POST", "/key/generate", {"models": ["gpt-4o"]})
    ]
    assert [reason.message for reason in report.reasons] == ["no key has this text, hash or alias"]
    assert name not in repr(report)


async def test_the_master_key_is_told_from_all_others(world: World) -> None:
    report = await world.ask(MODELS + GENERAL, key=MASTER_KEY)
    assert report.allow
    assert [layer.layer for layer in report.layers] == ["master key"]


async def test_a_team_alone_is_asked_about_by_a_key_without_a_list(world: World) -> None:
    report = await world.ask(MODELS + GENERAL + "teams: [{team_id: red, models: [gpt-4o]}]\n", team_id="red")
    assert report.allow
    assert report.caller is not None
    assert (report.caller.key, report.caller.team_id) == (None, "red")
    assert [layer.place for layer in report.layers] == [None, "config.yaml:6:32"]


async def test_a_user_alone_is_asked_about_by_a_personal_key(world: World) -> None:
    report = await world.ask(MODELS + GENERAL + "users: [{user_id: u, models: [gpt-4]}]\n", user_id="u")
    assert rules(report) == ["user_model_access"]


async def test_a_user_in_a_team_is_bound_by_the_team_and_the_membership_alone(world: World) -> None:
    member = "members_with_roles: [{user_id: u, allowed_models: [gpt-4]}]"
    sections = f"users: [{{user_id: u, models: [gpt-4]}}]\nteams: [{{team_id: red, {member}}}]\n"
    report = await world.ask(MODELS + GENERAL + sections, team_id="red", user_id="u")
    assert rules(report) == ["member_model_access"]


async def test_what_has_no_record_is_noted(world: World) -> None:
    report = await world.ask(MODELS + GENERAL, user_id="u", customer_id="c")
    assert "user `u` has no record" in report.notes
    assert "customer `c` has no record, and so no limit of its own" in report.notes


async def test_a_team_beside_a_token_is_what_the_header_asks_for(world: World) -> None:
    teams = "teams: [{team_id: blue, models: [gpt-4o]}, {team_id: red, models: [gpt-4]}]\n"
    general = "  enable_jwt_auth: true\n  litellm_jwtauth: {team_ids_jwt_field: teams}\n"
    claims = {"teams": ["blue", "red"]}
    asked = {team: await world.ask(MODELS + GENERAL + general + teams, claims=claims, team_id=team) for team in TEAMS}
    assert {team: rules(report) for team, report in asked.items()} == {
        None: [],
        "blue": [],
        "red": ["team_model_access"],
        "green": ["token_team_header", "token_mapped"],
    }


async def test_a_token_is_read_as_the_config_says_and_not_verified(world: World) -> None:
    report = await world.ask(MODELS + GENERAL + JWT, claims={"sub": "u", "_litellm_x": 1})
    assert report.allow
    assert report.caller is not None
    assert (report.caller.kind, report.caller.user_id, report.caller.role) == ("jwt", "u", "internal_user")
    assert report.notes == ["the token's signature, issuer and audience are not verified here"]


@pytest.mark.parametrize(
    ("times", "kind"),
    [({"exp": NOW_NS // 1_000_000_000}, "expired_key"), ({"nbf": NOW_NS // 1_000_000_000 + 60}, "auth_error")],
)
async def test_a_token_out_of_its_time_is_refused_whatever_its_layers_say(
    world: World, times: dict[str, Any], kind: str
) -> None:
    report = await world.ask(MODELS + GENERAL + JWT, claims={"sub": "u", **times})
    assert (report.allow, rules(report), report.verified) == (False, [kind], False)
    assert [layer.verdict for layer in report.layers] == ["allows"] * len(report.layers)


async def test_a_claim_that_cannot_be_read_is_refused_as_the_gate_does(world: World) -> None:
    report = await world.ask(MODELS + GENERAL + JWT, claims={"sub": 7})
    assert (rules(report), report.caller) == (["auth_error"], None)


async def test_a_token_of_another_issuer_is_refused(world: World) -> None:
    issuers = "{issuers: [{issuer: i, jwks_url: os.environ/KEYS, audience: a}]}"
    text = MODELS + GENERAL + f"  enable_jwt_auth: true\n  litellm_jwtauth: {issuers}\n"
    assert rules(await world.ask(text, claims={"iss": "other"})) == ["auth_error"]
    assert rules(await world.ask(text, claims={"iss": "i"})) == ["token_mapped"]


async def test_a_token_that_is_mapped_to_a_key_is_judged_as_that_key(world: World) -> None:
    text = MODELS + GENERAL + MAPPED + KEYS
    made = {"jwt_claim_name": "azp", "jwt_claim_value": "app", "token": HASH}
    await world.manage(text, ManagementCall("POST", "/jwt/key/mapping/new", made))
    report = await world.ask(text, claims={"azp": "app"})
    assert report.caller is not None
    assert (report.caller.kind, report.caller.key, rules(report)) == ("key", HASH, ["key_model_access"])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "name one caller: a key, the claims of a token, or a team, a user or both"),
        ({"key": KEY, "team_id": "red"}, "name one caller: a key, the claims of a token, or a team, a user or both"),
        ({"key": ["sk-secret"]}, "`key`: input should be a valid string"),
        ({"key": KEY, "models": ["a"]}, "send either `model` or `models`"),
        ({"key": KEY, "sk-secret": 1}, "extra inputs are not permitted"),
        ({"claims": {"sub": "u"}}, "this config trusts no tokens: set `general_settings.enable_jwt_auth`"),
    ],
)
async def test_a_question_that_makes_no_sense_is_an_error_without_what_was_sent(
    world: World, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(Invalid) as raised:
        await world.ask(MODELS + GENERAL, **fields)
    assert str(raised.value) == message
