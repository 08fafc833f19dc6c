"""Which kind of failure an upstream's error is, and so which of the config's fallbacks answer it (F2)."""

from typing import Literal

import orjson

from modelward.contract import JsonObject

Kind = Literal["general", "context_window", "content_policy"]

_NONE = frozenset[Kind]()
_GENERAL = frozenset[Kind]({"general"})
_SPECIAL = frozenset[Kind]({"context_window", "content_policy"})

# The operator's account, a model that is gone, a limit, a conflict at the upstream: not the request's own mistake.
_NOT_THE_CALLERS = frozenset({401, 402, 403, 404, 408, 409, 429})

_CODES: dict[str, Kind] = {
    "context_length_exceeded": "context_window",
    "content_policy_violation": "content_policy",
    "content_filter": "content_policy",
}

# What providers say where no code tells, in lower case.
_TEXTS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        "context_window",
        (
            "context_length_exceeded",
            "maximum context length",  # OpenAI, vLLM, Mistral, DeepSeek
            "exceeds the context window",
            "exceed context limit",  # Anthropic, with `max_tokens`
            "prompt is too long",  # Anthropic
            "exceeds the maximum number of tokens allowed",  # Gemini
            "input is too long for requested model",  # Bedrock
            "maximum prompt length",  # xAI
            "exceeds the available context size",  # llama.cpp
            "is longer than the model's context length",  # Fireworks, Databricks
        ),
    ),
    (
        "content_policy",
        (
            "content_policy_violation",
            "responsibleaipolicyviolation",  # Azure
            "content management policy",  # Azure
            "rejected as a result of our safety system",  # OpenAI
            "violating our usage policy",  # OpenAI
            "output blocked by content filtering policy",  # Anthropic
        ),
    ),
)


def possible_kinds(status: int) -> frozenset[Kind]:
    """The kinds that an answer of this status may be; none for one that is no failure, or the caller's own mistake."""
    if status >= 500 or status in _NOT_THE_CALLERS:
        return _GENERAL
    return _SPECIAL if status == 400 else _NONE


def kind_of(status: int, body: bytes) -> Kind | None:
    """The kind of an error with this status and body; `None` for the caller's own mistake."""
    if status != 400:
        return "general" if possible_kinds(status) else None
    error = _error(body)
    code = error.get("code")
    if isinstance(code, str) and code in _CODES:
        return _CODES[code]
    message = error.get("message")
    text = message.lower() if isinstance(message, str) else ""
    return next((kind for kind, texts in _TEXTS if any(each in text for each in texts)), None)


def _error(body: bytes) -> JsonObject:
    """The error of OpenAI's, Anthropic's or Google's form, one that is a text, or one laid into the body itself."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, dict):
        return {}
    error = value.get("error", value)
    return error if isinstance(error, dict) else {"message": error}
