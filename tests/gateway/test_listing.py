"""The model lists show what the same caller's calls would be allowed (V1-V3)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from gateway.configs import MASTER_KEY, Compile, config, served
from gateway.gates import CHAT, GateSetup, gate_setup
from modelward.contract import Team, User

CONTENT = config(
    served("gpt-4", "beta"),
    served("gpt-4o", "beta", "gold"),
    served("claude-3"),
    served("openai/*", "wide"),
    served("own-internal", team_id="t1", team_public_model_name="own"),
    router_settings={"model_group_alias": {"fast": "gpt-4", "quiet": {"model": "gpt-4", "hidden": True}}},
)


@pytest.fixture
def listed(compile_config: Compile) -> GateSetup:
    """A gate over models in groups, a wildcard, a team's own model and two aliases, one of them hidden."""
    made = gate_setup(compile_config(CONTENT))
    made.people.add("sk-beta", models=["beta"])
    made.people.add("sk-t1", team=Team(team_id="t1"))
    made.people.add("sk-t2", team=Team(team_id="t2", models=["claude-3"]), user=User(user_id="u", teams=["t3"]))
    made.people.add("sk-none", models=["ghost"])
    made.people.add("sk-admin", user=User(user_id="a", user_role="proxy_admin"))
    return made


async def ids(gated: GateSetup, query: str = "", *, key: str = "sk-any", path: str = "/v1/models") -> list[str]:
    """The names listed."""
    answer = await gated.call("GET", path + query, key=key)
    assert answer.status == 200, answer.text
    return [item["id"] for item in answer.json()["data"]]


@pytest.mark.parametrize("path", ["/v1/models", "/models"])
async def test_a_list_has_openais_form(listed: GateSetup, path: str) -> None:
    answer = await listed.call("GET", path, key="sk-t2")
    (item,) = answer.json()["data"]
    assert answer.json()["object"] == "list"
    assert (item["id"], item["object"]) == ("claude-3", "model")
    assert type(item["created"]) is int
    assert type(item["owned_by"]) is str


async def test_an_open_key_sees_every_name_and_no_group_pattern_or_hidden_alias(listed: GateSetup) -> None:
    assert await ids(listed) == ["claude-3", "fast", "gpt-4", "gpt-4o"]


async def test_a_group_shows_its_models(listed: GateSetup) -> None:
    assert set(await ids(listed, key="sk-beta")) == {"gpt-4", "gpt-4o", "fast"}


async def test_a_teams_own_model_is_listed_under_its_public_name_to_that_team_only(listed: GateSetup) -> None:
    assert "own" in await ids(listed, key="sk-t1")
    for key in ("sk-any", "sk-t2", MASTER_KEY):
        assert not {"own", "own-internal"} & set(await ids(listed, key=key))


async def test_nothing_allowed_is_an_empty_list(listed: GateSetup) -> None:
    answer = await listed.call("GET", "/v1/models", key="sk-none")
    assert (answer.status, answer.json()) == (200, {"data": [], "object": "list"})


@pytest.mark.parametrize("key", ["sk-any", "sk-beta", "sk-t1", "sk-t2", "sk-none", MASTER_KEY])
async def test_a_list_is_exactly_what_may_be_called(listed: GateSetup, key: str) -> None:
    names = ["gpt-4", "gpt-4o", "claude-3", "fast", "own", "beta", "ghost", "all-proxy-models"]
    callable_ = {name for name in names if (await listed.chat(name, key=key)).status == 200}
    assert set(await ids(listed, key=key)) == callable_


async def test_groups_are_shown_when_asked_for(listed: GateSetup) -> None:
    shown = await ids(listed, "?include_model_access_groups=true", key="sk-beta")
    assert set(shown) == {"gpt-4", "gpt-4o", "fast", "beta"}


@pytest.mark.parametrize("value", ["true", "True", "TRUE"])
async def test_groups_alone_are_shown_when_asked_for(listed: GateSetup, value: str) -> None:
    assert await ids(listed, f"?only_model_access_groups={value}") == ["beta", "gold", "wide"]


@pytest.mark.parametrize(
    "query", ["?include_model_access_groups=false", "?include_model_access_groups=", "?scope=expand"]
)
async def test_other_parameters_change_nothing(listed: GateSetup, query: str) -> None:
    assert await ids(listed, query) == await ids(listed)


async def test_patterns_are_shown_when_asked_for(listed: GateSetup) -> None:
    assert set(await ids(listed, "?return_wildcard_routes=true")) - set(await ids(listed)) == {"openai/*"}


async def test_a_pattern_that_the_caller_may_not_use_is_not_shown(listed: GateSetup) -> None:
    assert "openai/*" not in await ids(listed, "?return_wildcard_routes=true", key="sk-beta")


@pytest.mark.parametrize("name", ["gpt-4", "fast", "quiet", "openai/gpt-9"])
async def test_a_model_that_may_be_called_can_be_looked_up(listed: GateSetup, name: str) -> None:
    for path in (f"/v1/models/{name}", f"/models/{quote(name, safe='')}"):
        answer = await listed.call("GET", path, key="sk-any")
        assert (answer.status, answer.json()["id"]) == (200, name)


UNSEEN = ["claude-3", "ghost", "beta", "own", "openai/*", "%2A", "gpt-4,gpt-4o", "gpt-4%20", "..%2Fx", "%ff", "GPT-4"]


@pytest.mark.parametrize("part", UNSEEN)
async def test_what_may_not_be_called_reads_as_what_does_not_exist(listed: GateSetup, part: str) -> None:
    answer = await listed.call("GET", f"/v1/models/{part}", key="sk-beta")
    absent = await listed.call("GET", "/v1/models/surely-not-there", key="sk-beta")
    said = [each.json()["error"]["message"].split(" (decision")[0] for each in (answer, absent)]
    assert (answer.status, answer.error_type) == (404, "invalid_request_error")
    assert said[0] == said[1]


async def test_a_model_that_is_not_shown_is_logged_as_a_no(listed: GateSetup) -> None:
    for part in ("claude-3", "%20"):
        await listed.call("GET", f"/v1/models/{part}", key="sk-beta")
    assert [(line["allow"], line["status"]) for line in await listed.lines()] == [(False, 404), (False, 404)]


@pytest.mark.parametrize(("key", "team"), [("sk-t2", "t2"), ("sk-t2", "t3"), (MASTER_KEY, "t1"), ("sk-admin", "t9")])
async def test_a_list_may_name_the_callers_own_team_and_an_admin_any(listed: GateSetup, key: str, team: str) -> None:
    assert await ids(listed, f"?team_id={team}", key=key) == await ids(listed, key=key)


@pytest.mark.parametrize("query", ["team_id=t1", "team_id=", "team_id=t2&team_id=t1", "team%5Fid=t1", "team_id=T2"])
@pytest.mark.parametrize("path", ["/v1/models", "/models", "/model/info", "/model_group/info", "/v1/models/claude-3"])
async def test_a_list_may_not_name_another_team(listed: GateSetup, path: str, query: str) -> None:
    answer = await listed.call("GET", f"{path}?{query}", key="sk-t2")
    assert (answer.status, answer.error_type) == (403, "auth_error")


async def test_a_query_that_cannot_be_read_is_400(listed: GateSetup) -> None:
    assert (await listed.call("GET", "/v1/models?team_id=%ff", key="sk-t2")).status == 400


@pytest.mark.parametrize(
    ("fields", "status"), [({"blocked": True}, 401), ({"expires": datetime.fromtimestamp(1, UTC)}, 401)]
)
async def test_a_key_that_is_out_of_use_may_not_list(listed: GateSetup, fields: dict[str, Any], status: int) -> None:
    listed.people.add("sk-out", **fields)
    assert (await listed.call("GET", "/v1/models", key="sk-out")).status == status


async def test_a_list_of_routes_refuses_or_permits_the_listing_itself(listed: GateSetup) -> None:
    listed.people.add("sk-calls", allowed_routes=[CHAT])
    listed.people.add("sk-lists", allowed_routes=["/v1/models"])
    assert (await listed.call("GET", "/v1/models", key="sk-calls")).status == 403
    assert await ids(listed, key="sk-lists") == await ids(listed)


async def test_a_view_only_admin_may_list_what_it_may_not_call(listed: GateSetup) -> None:
    listed.people.add("sk-viewer", user=User(user_id="v", user_role="proxy_admin_viewer"))
    assert await ids(listed, key="sk-viewer") == await ids(listed)
