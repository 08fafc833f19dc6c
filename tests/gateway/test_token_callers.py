"""Tokens at the gate: whom the log names, and lists whose models come by different teams (R7, V1)."""

import pytest

from gateway.configs import Compile, config, served
from gateway.gates import GateSetup, gate_setup
from modelward.contract import Caller, Shows, Team, Token, TokenRecords, User
from modelward.identity import key_hash

TEAMS = {"red": Team(team_id="red", models=["gpt-4"]), "blue": Team(team_id="blue", models=["gpt-4o"])}
TOKEN = Caller(
    kind="jwt",
    token=Token(user_id="u1", team_ids=["blue", "red"]),
    records=TokenRecords(teams=TEAMS, users={"u1": User(user_id="u1")}),
)


@pytest.fixture
def gated(compile_config: Compile) -> GateSetup:
    """A gate that knows a token of two teams, each with a model of its own, under `sk-token`."""
    made = gate_setup(compile_config(config(served("gpt-4"), served("gpt-4o"), served("claude-3"))))
    made.people.callers[key_hash("sk-token")] = TOKEN
    return made


async def test_each_model_is_called_by_the_team_that_has_it(gated: GateSetup) -> None:
    assert (await gated.chat("gpt-4", key="sk-token")).status == 200
    assert (await gated.chat("gpt-4o", key="sk-token")).status == 200
    assert (await gated.chat("claude-3", key="sk-token")).status == 403


@pytest.mark.parametrize(
    ("target", "field"),
    [("/v1/models", "id"), ("/model/info", "model_name"), ("/model_group/info", "model_group")],
)
async def test_every_list_shows_the_models_of_all_its_teams(gated: GateSetup, target: str, field: str) -> None:
    answer = await gated.call("GET", target, key="sk-token")
    assert sorted(item[field] for item in answer.json()["data"]) == ["gpt-4", "gpt-4o"]


async def test_the_log_names_whom_the_token_stood_for(gated: GateSetup) -> None:
    await gated.chat("gpt-4", key="sk-token")
    (line,) = await gated.lines()
    assert line["caller"] == {"kind": "jwt", "key": None, "team": "red", "user": "u1", "role": "internal_user"}


async def test_the_admin_api_is_told_whom_the_token_stands_for(gated: GateSetup) -> None:
    await gated.call("GET", "/user/info", key="sk-token")
    (scope,) = gated.admin.scopes
    assert scope["state"]["subject"].user_id == "u1"
    assert scope["state"]["shows"] == Shows(everything=False, key_hash=None, user_id="u1")


@pytest.mark.parametrize(("team", "status"), [("red", 201), ("blue", 201), ("green", 401)])
async def test_a_token_may_read_the_teams_that_it_claims(gated: GateSetup, team: str, status: int) -> None:
    assert (await gated.call("GET", f"/team/info?team_id={team}", key="sk-token")).status == status
