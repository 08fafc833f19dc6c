"""Which refusal comes first when several apply (A6, A4)."""

from datetime import UTC, datetime

import pytest

from gateway.configs import MASTER_KEY, PLAIN, Compile
from gateway.gates import CHAT, GateSetup, gate_setup
from harness.wire import Answer
from modelward.contract import Team


async def first_rule(gated: GateSetup) -> str:
    """The rule that named the last refusal."""
    line = (await gated.lines())[-1]
    return str(line["reasons"][0]["rule"])


@pytest.fixture
def closed(compile_config: Compile) -> GateSetup:
    """A gate whose config serves `/v1/chat/completions` and `/key/info` only."""
    routes = ["/v1/chat/completions", "/key/info"]
    content = PLAIN | {"general_settings": {"master_key": MASTER_KEY, "allowed_routes": routes}}
    return gate_setup(compile_config(content))


@pytest.mark.parametrize("path", ["/v1/nowhere", "/v1/models/", "/mcp"])
async def test_no_credential_comes_before_an_unknown_route(plain: GateSetup, path: str) -> None:
    answer = await plain.call("GET", path)
    assert (answer.status, answer.error_type) == (401, "auth_error")


async def test_an_unknown_key_comes_before_an_unknown_route(plain: GateSetup) -> None:
    answer = await plain.call("GET", "/v1/nowhere", key="sk-nobody")
    assert (answer.status, answer.error_type) == (401, "token_not_found_in_db")


async def test_an_unknown_route_comes_before_the_proxys_closed_routes(closed: GateSetup) -> None:
    assert (await closed.call("POST", "/v1/nowhere", key="sk-any")).status == 404


async def test_the_proxys_closed_routes_come_before_the_form_of_the_request(closed: GateSetup) -> None:
    answer = await closed.call("POST", "/v1/embeddings", key="sk-any", raw=b"no json")
    assert (answer.status, answer.error_type) == (403, "auth_error")


async def test_the_proxys_closed_routes_bind_the_master_key(closed: GateSetup) -> None:
    assert (await closed.call("POST", "/v1/embeddings", key=MASTER_KEY, content={"model": "gpt-4"})).status == 403


@pytest.mark.parametrize("raw", [b"no json", b"{}", b'{"model": ""}', b'{"model": "gpt-4", "api_base": "x"}'])
async def test_the_form_of_the_request_comes_before_a_blocked_key(plain: GateSetup, raw: bytes) -> None:
    plain.people.add("sk-blocked", blocked=True)
    answer = await plain.call("POST", CHAT, key="sk-blocked", raw=raw)
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert await first_rule(plain) == "well_formed"


async def test_the_form_of_the_request_comes_before_the_need_of_an_admin(plain: GateSetup) -> None:
    assert (await plain.call("GET", "/key/info?key=a&key=b", key="sk-any")).status == 400


async def test_the_need_of_an_admin_comes_before_a_blocked_key(plain: GateSetup) -> None:
    plain.people.add("sk-blocked", blocked=True)
    assert (await plain.call("POST", "/key/generate", key="sk-blocked", content={})).status == 401
    assert await first_rule(plain) == "admin_only"


async def blocked_and_more(gated: GateSetup, content: object, target: str = CHAT) -> Answer:
    """A call of a key that is blocked, has expired, and may use neither the model nor the route."""
    team = Team(team_id="t", models=["claude-3"], blocked=True)
    routes = ["/v1/embeddings"]
    gated.people.add(
        "sk-bad",
        team=team,
        blocked=True,
        expires=datetime.fromtimestamp(1, UTC),
        models=["claude-3"],
        allowed_routes=routes,
    )
    return await gated.call("POST", target, key="sk-bad", content=content)


async def test_a_blocked_key_comes_before_what_it_may_not_do(plain: GateSetup) -> None:
    answer = await blocked_and_more(plain, {"model": "gpt-4"})
    assert (answer.status, answer.error_type) == (401, "auth_error")


async def test_all_other_denials_still_appear_in_the_explanation(plain: GateSetup) -> None:
    await blocked_and_more(plain, {"model": "gpt-4"}, f"{CHAT}?model=ghost")
    (line,) = await plain.lines()
    rules = list(dict.fromkeys(reason["rule"] for reason in line["reasons"]))
    assert rules[:4] == ["key_active", "key_model_access", "key_expiry", "key_routes"]
    assert {"team_active", "team_model_access", "names_agree", "model_known"} < set(rules)


async def test_a_refused_model_comes_before_names_that_differ(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", f"{CHAT}?model=gpt-4o", key="sk-narrow", content={"model": "gpt-4"})
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")


async def test_names_that_differ_come_before_an_unknown_model(plain: GateSetup) -> None:
    answer = await plain.call("POST", f"{CHAT}?model=ghost", key="sk-any", content={"model": "gpt-4"})
    assert (answer.status, answer.json()["error"]["code"]) == (400, "400")
    assert await first_rule(plain) == "names_agree"


async def test_a_body_that_is_too_long_comes_after_the_credential(plain: GateSetup) -> None:
    assert (await plain.chat("gpt-4", key="sk-nobody", padding="x" * 200_000)).status == 401
