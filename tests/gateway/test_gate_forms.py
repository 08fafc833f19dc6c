"""Every refusal comes in its path's form (E1), and Google's clients may send their key in the query (A1)."""

from typing import Any

import pytest

from gateway.configs import PLAIN, Compile
from gateway.gates import GateSetup, gate_setup
from modelward.contract import Input
from modelward.errors import DecisionUnavailable

MESSAGES = "/v1/messages"
GEMINI = "/v1beta/models/gpt-4o:generateContent"
NOWHERE = {"anthropic": "/v1/messages/nowhere", "google": "/v1beta/nowhere", "openai": "/v1/nowhere"}


def read(form: str, body: Any) -> tuple[str, str]:
    """The provider's own word for the status, and E2's type."""
    error = body["error"]
    if form == "anthropic":
        return error["type"], error["details"]["error_code"]
    return (error["status"], error["details"][0]["reason"]) if form == "google" else (error["code"], error["type"])


UNIDENTIFIED = {"anthropic": "authentication_error", "google": "UNAUTHENTICATED", "openai": "401"}
UNKNOWN = {"anthropic": "not_found_error", "google": "NOT_FOUND", "openai": "404"}


@pytest.mark.parametrize("form", NOWHERE)
async def test_no_credential_before_a_route_is_known(plain: GateSetup, form: str) -> None:
    answer = await plain.call("POST", NOWHERE[form])
    assert answer.status == 401
    assert read(form, answer.json()) == (UNIDENTIFIED[form], "auth_error")


@pytest.mark.parametrize("form", NOWHERE)
async def test_an_unknown_route(plain: GateSetup, form: str) -> None:
    answer = await plain.call("POST", NOWHERE[form], key="sk-any")
    assert answer.status == 404
    assert read(form, answer.json()) == (UNKNOWN[form], "invalid_request_error")


async def test_anthropics_clients_read_the_decisions_id_in_a_header_and_in_the_body(plain: GateSetup) -> None:
    answer = await plain.call("POST", NOWHERE["anthropic"], key="sk-any")
    decision_id = answer.headers["request-id"]
    assert decision_id == answer.headers["x-request-id"] == answer.json()["request_id"]


async def test_no_others_are_told_anthropics_header(plain: GateSetup) -> None:
    assert "request-id" not in (await plain.call("POST", NOWHERE["google"], key="sk-any")).headers


async def test_a_message_for_a_model_that_the_key_may_not_use(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", MESSAGES, key="sk-narrow", content={"model": "gpt-4o", "messages": []})
    assert answer.status == 403
    assert read("anthropic", answer.json()) == ("permission_error", "key_model_access_denied")


async def test_content_from_a_model_that_the_key_may_not_use(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", GEMINI, key="sk-narrow", content={"contents": []})
    assert answer.status == 403
    assert read("google", answer.json()) == ("PERMISSION_DENIED", "key_model_access_denied")


async def test_a_message_that_names_no_model(plain: GateSetup) -> None:
    answer = await plain.call("POST", MESSAGES, key="sk-any", content={"messages": []})
    assert answer.status == 400
    assert read("anthropic", answer.json()) == ("invalid_request_error", "invalid_request_error")


async def test_no_decision_is_not_asked_for_again(compile_config: Compile) -> None:
    async def fail(_: Input) -> Any:
        raise DecisionUnavailable("the engine is down")

    gated = gate_setup(compile_config(PLAIN), decide=fail)
    answer = await gated.call("POST", MESSAGES, key="sk-any", content={"model": "gpt-4", "messages": []})
    assert (answer.status, answer.headers["x-should-retry"]) == (503, "false")
    assert read("anthropic", answer.json()) == ("api_error", "decision_unavailable")


async def test_googles_clients_may_send_their_key_in_the_query(plain: GateSetup) -> None:
    plain.people.add("sk-google", models=["gpt-4"])
    answer = await plain.call("POST", f"{GEMINI}?key=sk-google", content={"contents": []})
    assert answer.status == 403


@pytest.mark.parametrize("target", ["/v1/chat/completions", MESSAGES, "/v1beta/openai/chat/completions"])
async def test_no_others_may(plain: GateSetup, target: str) -> None:
    assert (await plain.call("POST", f"{target}?key=sk-any", content={"model": "gpt-4"})).status == 401


@pytest.mark.parametrize("path", [GEMINI, NOWHERE["google"]])
async def test_a_key_in_the_query_is_neither_logged_nor_told(plain: GateSetup, path: str) -> None:
    answer = await plain.call("POST", f"{path}?key=sk-any", content={"contents": []})
    (line,) = await plain.lines()
    assert line["caller"]["kind"] == "key"
    assert "sk-any" not in f"{line}{answer.text}{answer.headers}"


async def test_a_key_in_the_query_does_not_travel_on(plain: GateSetup) -> None:
    await plain.call("POST", f"{GEMINI}?key=sk-any", content={"contents": []})
    assert len(plain.forwarder.calls) == 1
    assert "sk-any" not in repr(plain.forwarder.calls)
