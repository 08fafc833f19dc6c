"""One line for every decision, with no credential in it (K4)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from gateway.configs import MASTER_KEY, PLAIN, UPSTREAM_KEY, Compile
from gateway.gates import CHAT, NOW_NS, GateSetup, gate_setup
from modelward.contract import Input, Team, User
from modelward.errors import DecisionUnavailable
from modelward.identity import key_hash

FIELDS = {
    *("id", "time", "method", "path", "route", "models", "caller", "allow", "reasons", "grants", "revision"),
    *("customer", "status", "deployment", "fallbacks", "skipped_fallbacks", "error"),
}


async def only_line(gated: GateSetup) -> dict[str, Any]:
    """The one line there is."""
    (line,) = await gated.lines()
    assert set(line) == FIELDS
    return dict(line)


async def test_an_allowed_call_is_logged_with_what_covered_it_and_who_answered(plain: GateSetup) -> None:
    plain.people.add("sk-dev", team=Team(team_id="t"), user=User(user_id="u"), models=["beta"])
    await plain.call("POST", "/engines/gpt-4/chat/completions?x=1", key="sk-dev", content={"model": "gpt-4"})
    line = await only_line(plain)
    assert (line["allow"], line["status"], line["reasons"], line["error"]) == (True, 200, [], "")
    assert (line["method"], line["path"]) == ("POST", "/engines/gpt-4/chat/completions")
    assert line["route"] == "/engines/{model}/chat/completions"
    assert line["models"] == ["gpt-4"]
    assert "beta" in line["grants"]["key"]["gpt-4"]
    assert line["deployment"] == "id-gpt-4"
    assert line["revision"].startswith("sha256:")
    assert line["caller"] == {"kind": "key", "key": key_hash("sk-dev"), "team": "t", "user": "u"}
    assert datetime.fromisoformat(line["time"]) == datetime.fromtimestamp(NOW_NS / 1e9, UTC)


async def test_a_refused_call_is_logged_with_its_reasons(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.chat("gpt-4o", key="sk-narrow")
    line = await only_line(plain)
    assert (line["allow"], line["status"], line["deployment"]) == (False, 403, None)
    assert line["reasons"][0]["rule"] == "key_model_access"
    assert line["reasons"][0]["message"] in answer.json()["error"]["message"]
    assert line["models"] == ["gpt-4o"]


async def test_a_request_without_a_decision_is_logged_as_a_no(compile_config: Compile) -> None:
    async def fail(_: Input) -> Any:
        raise DecisionUnavailable("the engine is gone")

    gated = gate_setup(compile_config(PLAIN), decide=fail)
    await gated.chat("gpt-4")
    line = await only_line(gated)
    assert (line["allow"], line["status"], line["error"]) == (False, 503, "the engine is gone")


async def test_a_yes_that_cannot_be_carried_out_is_logged_as_a_no(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(replace(snapshot, deployments={}))
    assert (await gated.chat("gpt-4")).status == 503
    line = await only_line(gated)
    assert (line["allow"], line["status"]) == (False, 503)


async def test_a_caller_that_is_not_identified_is_logged(plain: GateSetup) -> None:
    await plain.chat("gpt-4", key="sk-nobody")
    line = await only_line(plain)
    assert (line["allow"], line["status"], line["caller"]) == (False, 401, None)
    assert "unknown" in line["error"]


async def test_an_unknown_route_is_logged_without_a_template(plain: GateSetup) -> None:
    await plain.call("GET", "/v1/nowhere", key=MASTER_KEY)
    line = await only_line(plain)
    assert (line["status"], line["route"], line["path"]) == (404, "", "/v1/nowhere")
    assert line["caller"] == {"kind": "master", "key": None, "team": None, "user": None}


async def test_every_request_is_one_line_in_order(plain: GateSetup) -> None:
    for path in ("/v1/models", "/v1/nowhere", "/v1/models/gpt-4"):
        await plain.call("GET", path, key="sk-any")
    assert [line["path"] for line in await plain.lines()] == ["/v1/models", "/v1/nowhere", "/v1/models/gpt-4"]


async def test_a_probe_is_no_decision(plain: GateSetup) -> None:
    await plain.call("GET", "/health/liveness")
    assert await plain.lines() == []


CREDENTIALS = [
    *("authorization", "x-litellm-api-key", "api-key", "x-api-key", "x-goog-api-key", "ocp-apim-subscription-key"),
]


@pytest.mark.parametrize("header", CREDENTIALS)
@pytest.mark.parametrize("key", ["sk-any", "sk-nobody-has-this", MASTER_KEY, "no-key-at-all"])
async def test_no_credential_is_in_a_line_an_answer_or_a_number(plain: GateSetup, header: str, key: str) -> None:
    content = {"model": "ghost", "api_key": "sk-in-the-body"}
    answer = await plain.call("POST", f"{CHAT}?key=sk-in-the-query", content=content, headers={header: key})
    said = orjson.dumps(await plain.lines()) + answer.body + plain.metrics.text()
    for secret in (key, "sk-in-the-body", "sk-in-the-query", UPSTREAM_KEY):
        assert secret.encode() not in said


@pytest.mark.parametrize("sent", [{"model": "sk-secret"}, {"model": "openai/sk-secret"}, {"fallbacks": ["sk-secret"]}])
async def test_a_key_sent_as_a_model_is_in_no_line_and_no_answer(plain: GateSetup, sent: dict[str, Any]) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    for key in ("sk-any", "sk-narrow", MASTER_KEY):
        answer = await plain.call("POST", CHAT, key=key, content={"model": "gpt-4", **sent})
        assert "secret" not in answer.text
    assert "secret" not in str(await plain.lines())


async def test_a_key_sent_as_a_customer_is_in_no_line(plain: GateSetup) -> None:
    headers = {"x-litellm-end-user-id": "sk-secret"}
    await plain.call("POST", CHAT, key="sk-any", content={"model": "gpt-4"}, headers=headers)
    assert (await only_line(plain))["customer"] == "sk-..."
