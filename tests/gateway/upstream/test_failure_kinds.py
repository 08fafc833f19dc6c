"""How providers say that a request is too long, or refused for its content (F2)."""

import orjson
import pytest

from modelward.gateway.upstream.failures import FailureKind, kind_of


def of_code(code: object) -> bytes:
    """OpenAI's error with this code."""
    return orjson.dumps({"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": code}})


def of_text(message: object) -> bytes:
    """OpenAI's error with this message and no code."""
    return orjson.dumps({"error": {"message": message, "type": "invalid_request_error", "code": None}})


CODES: list[tuple[str, FailureKind]] = [
    ("context_length_exceeded", "context_window"),
    ("content_policy_violation", "content_policy"),
    ("content_filter", "content_policy"),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_a_code_tells_the_kind(code: str, kind: FailureKind) -> None:
    assert kind_of(400, of_code(code)) == kind


TEXTS: list[tuple[str, FailureKind]] = [
    ("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.", "context_window"),
    ("Your input exceeds the context window of this model.", "context_window"),
    ("prompt is too long: 210000 tokens > 200000 maximum", "context_window"),
    ("input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", "context_window"),
    ("The input token count (40000) exceeds the maximum number of tokens allowed (32768).", "context_window"),
    ("Input is too long for requested model.", "context_window"),
    ("This model's maximum prompt length is 131072 but the request contains 140000 tokens.", "context_window"),
    ("the request exceeds the available context size", "context_window"),
    ("The response was filtered due to Azure OpenAI's content management policy.", "content_policy"),
    ("Your request was rejected as a result of our safety system.", "content_policy"),
    ("Invalid prompt: it was flagged as potentially violating our usage policy.", "content_policy"),
    ("Output blocked by content filtering policy", "content_policy"),
]


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_a_text_tells_the_kind_where_no_code_does(text: str, kind: FailureKind) -> None:
    assert kind_of(400, of_text(text)) == kind


LONG = "prompt is too long: 9 tokens > 8 maximum"
SHAPES = {
    "Anthropic's": {"type": "error", "error": {"type": "invalid_request_error", "message": LONG}},
    "Google's, in a list": [{"error": {"code": 400, "message": LONG, "status": "INVALID_ARGUMENT"}}],
    "a text": {"error": LONG},
    "laid into the body": {"message": LONG},
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_every_providers_form_of_an_error_is_read(shape: str) -> None:
    assert kind_of(400, orjson.dumps(SHAPES[shape])) == "context_window"


OTHERS = [
    *(b"", b"\xff", b"[]", b"[1]", b"1", b"null", b'{"error": null}', b'{"error": [1]}', b"prompt is too long"),
    *(of_code(1), of_code(["content_filter"]), of_code("invalid_value"), of_text({"a": 1}), of_text("temperature")),
]


@pytest.mark.parametrize("body", OTHERS)
def test_any_other_400_is_the_callers_own_mistake(body: bytes) -> None:
    assert kind_of(400, body) is None


@pytest.mark.parametrize("status", [413, 422, 500])
def test_a_special_kind_is_told_by_a_400_alone(status: int) -> None:
    assert kind_of(status, of_code("context_length_exceeded")) not in {"context_window", "content_policy"}
