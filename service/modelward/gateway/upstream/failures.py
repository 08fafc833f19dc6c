"""What a client reads when an upstream fails, and which of the config's fallbacks answer each kind of failure."""

from dataclasses import dataclass
from typing import Literal

import orjson

from modelward.contract import JsonObject
from modelward.errors import OtherStyle, ServedElsewhere, Unusable
from modelward.gateway.errors import ErrorFields, ErrorForm, error_body, error_event
from modelward.gateway.headers import Header
from modelward.gateway.request.names import masked

FailureKind = Literal["general", "context_window", "content_policy"]

_NONE = frozenset[FailureKind]()
_GENERAL = frozenset[FailureKind]({"general"})
_SPECIAL = frozenset[FailureKind]({"context_window", "content_policy"})

# The operator's account, a model that is gone, a limit, a conflict at the upstream: not the request's own mistake.
_NOT_THE_CALLERS = frozenset({401, 402, 403, 404, 408, 409, 429})

_CODES: dict[str, FailureKind] = {
    "context_length_exceeded": "context_window",
    "content_policy_violation": "content_policy",
    "content_filter": "content_policy",
}

# What providers say where no code tells, in lower case.
_TEXTS: tuple[tuple[FailureKind, tuple[str, ...]], ...] = (
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


def possible_kinds(status: int) -> frozenset[FailureKind]:
    """The kinds that an answer of this status may be; none for one that is no failure, or the caller's own mistake."""
    if status >= 500 or status in _NOT_THE_CALLERS:
        return _GENERAL
    return _SPECIAL if status == 400 else _NONE


def kind_of(status: int, body: bytes) -> FailureKind | None:
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
    """The error of OpenAI's, Anthropic's or Google's form, one that is a text, or one merged into the body itself."""
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


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer of our own. `may_retry` is false where the client's own retry would cost twice or change nothing."""

    status: int
    code: str
    text: str
    may_retry: bool = False

    @property
    def headers(self) -> list[Header]:
        """Its headers, without a length."""
        retry: list[Header] = [] if self.may_retry else [(b"x-should-retry", b"false")]
        return [(b"content-type", b"application/json"), *retry]

    def body(self, model: str, decision_id: str, form: ErrorForm = "openai") -> bytes:
        """The JSON body in the client's form; `model` is the name asked for."""
        return orjson.dumps(self._error(model, decision_id, form))

    def event(self, model: str, decision_id: str, form: ErrorForm = "openai") -> bytes:
        """The same as an event, the last of a stream that breaks."""
        return error_event(self._error(model, decision_id, form), form)

    def message(self, model: str, decision_id: str) -> str:
        """What is said, with the decision's id (E3); what looks like a key in the name is left out (K4)."""
        return f"{self.text.format(model=f'`{masked(model)}`')} (decision {decision_id})"

    def _error(self, model: str, decision_id: str, form: ErrorForm) -> JsonObject:
        kind = "invalid_request_error" if self.status == 400 else "upstream_error"
        fields = ErrorFields(self.status, kind, code=self.code)
        return error_body(fields, self.message(model, decision_id), form, decision_id)


UNREACHABLE = Failure(502, "upstream_unreachable", "no deployment of {model} can be reached; try again", may_retry=True)
BROKEN = Failure(502, "upstream_broken", "the deployment of {model} broke off its answer; send the request again")
REDIRECTED = Failure(
    502, "upstream_redirected", "the deployment of {model} redirects, which is not followed; tell the operator"
)
ENCODED = Failure(
    502,
    "upstream_encoded",
    "the deployment of {model} answered with an error that cannot be read; tell the operator",
    may_retry=True,
)
UNUSABLE = Failure(
    502, "upstream_unusable", "no deployment of {model} can be called as it is configured; tell the operator"
)
OTHER_STYLE = Failure(
    400,
    "endpoint_not_supported",
    "{model} does not answer on this endpoint; call it on one of its own provider's API, or call another model",
)
APART = Failure(
    400,
    "models_apart",
    "{model} is not served where the other models of the request are; name models of one provider account",
)
NO_DEPLOYMENT = Failure(502, "upstream_missing", "no deployment serves {model}; tell the operator")
NO_MOCK = Failure(
    501, "upstream_mock_missing", "{model} answers offline, and this endpoint has no offline answer; use another model"
)
SILENT = Failure(504, "upstream_timeout", "the deployment of {model} did not answer in time; try again later")


def failure_of(error: Unusable) -> Failure:
    """What is answered where no deployment can take a call."""
    if isinstance(error, OtherStyle):
        return OTHER_STYLE
    return APART if isinstance(error, ServedElsewhere) else UNUSABLE
