"""What of a judged body travels on (M2, M5, F1)."""

import copy

from modelward.contract import JsonObject
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.outgoing import Outgoing
from modelward.gateway.routes import Route

CHAT = next(row for row in ROUTES if row.template == "/v1/chat/completions")
MESSAGE_BATCHES = next(row for row in ROUTES if row.within and row.template.startswith("/v1"))

SENT: JsonObject = {
    "model": "gpt-4",
    "messages": [{"role": "user", "content": "hello"}],
    "metadata": {"user_api_key": "x", "user_api_key_alias": "y", "mine": 1},
    "unknown": {"fallbacks": ["kept: nobody reads it"]},
    "fallbacks": ["a"],
    "context_window_fallbacks": ["a"],
    "content_policy_fallbacks": ["a"],
    "litellm_params": {},
    "litellm_metadata": {},
    "router_settings_override": {},
    "target_model_names": "a",
    "extra_body": {"model": "gpt-4o"},
}


def forwarded(route: Route, body: JsonObject) -> JsonObject:
    """What travels of a body whose model every upstream calls as it was asked for."""
    return Outgoing(route, body).named("gpt-4", str)


def test_what_is_for_the_gateway_alone_stays_behind() -> None:
    assert forwarded(CHAT, SENT) == {
        "model": "gpt-4",
        "messages": [{"role": "user", "content": "hello"}],
        "metadata": {"mine": 1},
        "unknown": {"fallbacks": ["kept: nobody reads it"]},
    }


def test_the_body_as_sent_is_not_changed() -> None:
    before = copy.deepcopy(SENT)
    forwarded(CHAT, SENT)
    assert before == SENT


def test_metadata_of_another_shape_is_left_to_the_upstream() -> None:
    assert forwarded(CHAT, {"metadata": "x"}) == {"model": "gpt-4", "metadata": "x"}


def test_the_calls_within_a_body_lose_the_same() -> None:
    sent = {"requests": [{"custom_id": "1", "params": SENT}, {"custom_id": "2", "params": {"model": "gpt-4"}}]}
    before = copy.deepcopy(sent)
    first, second = forwarded(MESSAGE_BATCHES, sent)["requests"]
    assert first == {"custom_id": "1", "params": forwarded(CHAT, SENT)}
    assert second == sent["requests"][1]
    assert sent == before
