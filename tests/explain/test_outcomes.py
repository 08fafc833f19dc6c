"""Changes that suffice, changes that were tried and do not, and changes whose effect cannot be known."""

import pytest

from explain.world import GENERAL, HASH, KEY, MODELS, World
from modelward.explain import text

KEYS = f"keys: [{{key_hash: 'sha256:{HASH}', key_alias: ci}}]\n"
TEAMS = "  enable_jwt_auth: true\n  litellm_jwtauth: {team_ids_jwt_field: teams, "
CLOSED = TEAMS + "team_allowed_routes: [/v1/models]}\n"
OPEN = TEAMS + "}\n"
ROUTE = "add `/v1/chat/completions` to `general_settings.litellm_jwtauth.team_allowed_routes`"
MODEL = "add `gpt-4o` to `models` of team `red`"
GROUP = "access_groups: [{access_group_id: g, access_group_name: g, access_model_names: [%s]}]\n"
GROUP += "teams: [{team_id: red, access_group_ids: [g]}]\n"
ALIAS = "teams: [{team_id: red, models: [gpt-3], model_aliases: {gpt-4o: gpt-4}}]\n"
DENY = "modelward_settings: {empty_list: deny}\n"


@pytest.mark.parametrize(
    ("general", "sections", "words"),
    [
        pytest.param(CLOSED, "teams: [{team_id: red}]\n", [ROUTE], id="no list, closed route"),
        pytest.param(CLOSED, "teams: [{team_id: red, models: ['gpt-*']}]\n", [ROUTE], id="pattern, closed route"),
        pytest.param(CLOSED, "teams: [{team_id: red, models: [all-team-models]}]\n", [ROUTE], id="all, closed route"),
        pytest.param(CLOSED, "teams: [{team_id: red, models: [gpt-4]}]\n", [MODEL, ROUTE], id="both"),
        pytest.param(OPEN, "teams: [{team_id: red, models: [gpt-4]}]\n", [MODEL], id="list"),
        pytest.param(OPEN, GROUP % "gpt-4", [MODEL], id="group alone"),
        pytest.param(OPEN, ALIAS, [MODEL.replace("gpt-4o", "gpt-4")], id="alias"),
        pytest.param(CLOSED, GROUP % "gpt-4o", [ROUTE], id="group alone, closed route"),
        pytest.param(OPEN, DENY + "teams: [{team_id: red}]\n", [MODEL], id="empty list that grants nothing"),
    ],
)
async def test_a_team_of_a_token_gets_what_it_lacks_and_no_more(
    world: World, general: str, sections: str, words: list[str]
) -> None:
    report = await world.ask(MODELS + GENERAL + general + sections, claims={"teams": ["red"]})
    assert [reason.rule for reason in report.reasons] == ["token_team_choice", "token_mapped"]
    assert ([change.words for change in report.changes], report.verified) == (words, True)


async def test_changes_that_were_tried_and_do_not_suffice_are_said_to_be_so(world: World) -> None:
    alias = KEYS + "router_settings: {model_group_alias: {fast: gone}}\n"
    report = await world.ask(MODELS + GENERAL + alias, key=KEY, model="fast")
    assert (report.tried, report.verified) == (True, False)
    assert "tried, and still refused; more than this is needed:\n  1. " in text(report)


async def test_changes_whose_effect_cannot_be_known_are_said_to_be_so(world: World) -> None:
    report = await world.ask(MODELS + GENERAL + KEYS, key=KEY, model=" gpt-4o")
    assert (report.tried, report.verified) == (False, False)
    assert "to allow it (not verified: the outcome cannot be known here):\n  1. " in text(report)
