"""A refusal's body in each form, and what the official SDKs make of it (E1, E3)."""

from collections.abc import Awaitable, Callable

import anthropic
import openai
import orjson
import pytest
from google.genai import errors

from gateway.answering import Answering, Told, answering
from modelward.contract import Reason
from modelward.errors import Invalid, NotFound, Refused, Unidentified
from modelward.gateway.errors import NO_DECISION, ErrorForm, Refusal, form_of, id_headers, of_error, of_reason

DENIED = of_reason(Reason(rule="team_model_access", message="the team may not use `m`"), {})
TOO_LONG = of_error(Refused("the body is too long", status=413))
REFUSALS = {
    400: of_error(Invalid("no")),
    401: of_error(Unidentified("who")),
    403: DENIED,
    404: of_error(NotFound("where")),
    413: TOO_LONG,
    503: NO_DECISION,
}


def told(refusal: Refusal, form: ErrorForm) -> Told:
    """What the gate sends."""
    headers = [*refusal.headers, *id_headers("d1", form)]
    return Told(refusal.fields.status, headers, [refusal.body("d1", form)])


def test_openais_form() -> None:
    assert orjson.loads(DENIED.body("d1", "openai")) == {
        "error": {
            "message": "the team may not use `m` (decision d1)",
            "type": "team_model_access_denied",
            "param": "model",
            "code": "403",
        }
    }


def test_anthropics_form() -> None:
    assert orjson.loads(DENIED.body("d1", "anthropic")) == {
        "type": "error",
        "error": {
            "type": "permission_error",
            "message": "the team may not use `m` (decision d1)",
            "details": {"error_code": "team_model_access_denied"},
        },
        "request_id": "d1",
    }


def test_googles_form() -> None:
    assert orjson.loads(DENIED.body("d1", "google")) == {
        "error": {
            "code": 403,
            "message": "the team may not use `m` (decision d1)",
            "status": "PERMISSION_DENIED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "team_model_access_denied",
                    "domain": "modelward",
                }
            ],
        }
    }


WORDS = {
    400: ("invalid_request_error", "INVALID_ARGUMENT"),
    401: ("authentication_error", "UNAUTHENTICATED"),
    403: ("permission_error", "PERMISSION_DENIED"),
    404: ("not_found_error", "NOT_FOUND"),
    413: ("request_too_large", "INVALID_ARGUMENT"),
    503: ("api_error", "UNAVAILABLE"),
}


@pytest.mark.parametrize("status", WORDS)
def test_each_status_has_the_providers_own_word(status: int) -> None:
    refusal = REFUSALS[status]
    said = orjson.loads(refusal.body("d1", "anthropic"))["error"], orjson.loads(refusal.body("d1", "google"))["error"]
    assert (said[0]["type"], said[1]["status"]) == WORDS[status]
    assert said[1]["code"] == status


async def ask_openai(server: Answering) -> None:
    """One chat completion."""
    async with server.openai() as client:
        await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}])


async def ask_anthropic(server: Answering) -> None:
    """One message."""
    async with server.anthropic() as client:
        await client.messages.create(model="m", max_tokens=9, messages=[{"role": "user", "content": "hello"}])


async def ask_google(server: Answering) -> None:
    """One content."""
    async with server.google() as client:
        await client.models.generate_content(model="m", contents="hello")


Ask = Callable[[Answering], Awaitable[None]]
RAISED: list[tuple[Ask, int, type[Exception]]] = [
    (ask_openai, 400, openai.BadRequestError),
    (ask_openai, 401, openai.AuthenticationError),
    (ask_openai, 403, openai.PermissionDeniedError),
    (ask_openai, 404, openai.NotFoundError),
    (ask_openai, 413, openai.APIStatusError),
    (ask_openai, 503, openai.InternalServerError),
    (ask_anthropic, 400, anthropic.BadRequestError),
    (ask_anthropic, 401, anthropic.AuthenticationError),
    (ask_anthropic, 403, anthropic.PermissionDeniedError),
    (ask_anthropic, 404, anthropic.NotFoundError),
    (ask_anthropic, 413, anthropic.APIStatusError),
    (ask_anthropic, 503, anthropic.InternalServerError),
    (ask_google, 400, errors.ClientError),
    (ask_google, 401, errors.ClientError),
    (ask_google, 403, errors.ClientError),
    (ask_google, 404, errors.ClientError),
    (ask_google, 413, errors.ClientError),
    (ask_google, 503, errors.ServerError),
]


@pytest.mark.parametrize(("ask", "status", "error"), RAISED)
async def test_the_official_sdks_raise_their_own_error_and_do_not_ask_again(
    ask: Ask, status: int, error: type[Exception]
) -> None:
    async with answering(lambda path: told(REFUSALS[status], form_of(path))) as server:
        with pytest.raises(error, match="decision d1"):
            await ask(server)
        assert len(server.paths) == 1


async def test_anthropics_sdk_reads_the_type_the_code_and_the_decisions_id() -> None:
    async with answering(lambda path: told(DENIED, form_of(path))) as server:
        with pytest.raises(anthropic.PermissionDeniedError) as raised:
            await ask_anthropic(server)
    body = raised.value.body
    assert isinstance(body, dict)
    assert body["error"]["details"] == {"error_code": "team_model_access_denied"}
    assert (raised.value.request_id, body["request_id"]) == ("d1", "d1")


async def test_openais_sdk_reads_the_type_the_code_and_the_decisions_id() -> None:
    async with answering(lambda path: told(DENIED, form_of(path))) as server:
        with pytest.raises(openai.PermissionDeniedError) as raised:
            await ask_openai(server)
    error = raised.value
    assert (error.type, error.code, error.param) == ("team_model_access_denied", "403", "model")
    assert error.request_id == "d1"


async def test_googles_sdk_reads_the_status_and_the_reason() -> None:
    async with answering(lambda path: told(DENIED, form_of(path))) as server:
        with pytest.raises(errors.ClientError) as raised:
            await ask_google(server)
    assert (raised.value.code, raised.value.status) == (403, "PERMISSION_DENIED")
    assert raised.value.details["error"]["details"][0]["reason"] == "team_model_access_denied"
