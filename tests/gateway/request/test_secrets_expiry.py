"""Secrets that a call mints live a minute at most, whatever its client asks for."""

import pytest

from modelward.contract import JsonObject
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.outgoing import LONGEST_SECONDS, Outgoing, with_brief_secret
from modelward.gateway.routes import Router

BRIEF = {"anchor": "created_at", "seconds": LONGEST_SECONDS}


@pytest.mark.parametrize("asked", [None, {}, "long", {"seconds": 7200}, {"seconds": "10"}, {"seconds": True}, [30]])
def test_a_long_unsaid_or_odd_life_becomes_the_longest(asked: object) -> None:
    assert with_brief_secret({"expires_after": asked}, "expires_after") == {"expires_after": BRIEF}


def test_a_life_that_is_not_said_is_added() -> None:
    assert with_brief_secret({"session": {}}, "expires_after") == {"session": {}, "expires_after": BRIEF}


def test_a_shorter_life_is_kept() -> None:
    kept = with_brief_secret({"expires_after": {"anchor": "elsewhere", "seconds": 10}}, "expires_after")
    assert kept == {"expires_after": {"anchor": "created_at", "seconds": 10}}


def test_a_life_below_another_field_is_cut_too() -> None:
    body = {"client_secret": {"expires_after": {"seconds": 600}, "more": 1}}
    assert with_brief_secret(body, "client_secret.expires_after") == {
        "client_secret": {"expires_after": BRIEF, "more": 1}
    }


def test_the_body_as_sent_is_not_changed() -> None:
    body: JsonObject = {"expires_after": {"seconds": 600}}
    with_brief_secret(body, "expires_after")
    assert body == {"expires_after": {"seconds": 600}}


@pytest.mark.parametrize("prefix", ["/v1", "", "/openai/v1", "/azure/openai"])
def test_a_client_secret_travels_with_a_short_life_under_every_prefix(prefix: str) -> None:
    assert _travels(f"{prefix}/realtime/client_secrets", {})["expires_after"] == BRIEF


def test_the_secret_of_a_session_travels_with_a_short_life() -> None:
    assert _travels("/v1/realtime/sessions", {})["client_secret"] == {"expires_after": BRIEF}


def test_a_life_laid_in_by_extra_body_is_cut_too() -> None:
    sent = {"extra_body": {"expires_after": {"seconds": 7200}}}
    assert _travels("/v1/realtime/client_secrets", sent) == {"expires_after": BRIEF, "session": {"model": "m"}}


def test_other_calls_ask_for_no_secret() -> None:
    assert _travels("/v1/responses", {"input": "hello"}) == {"model": "m", "input": "hello"}


def _travels(path: str, body: JsonObject) -> JsonObject:
    match = Router(ROUTES).find("POST", path)
    assert match is not None
    return Outgoing(match.route, laid_out(match.route, body)).named("m", str)
