"""What a client reads when an upstream fails, and which of the config's fallbacks answer each kind of failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import orjson
import yaml

from modelward.contract import JsonObject
from modelward.contract.facts import masked
from modelward.errors import Broken, NotReached, OtherStyle, ServedElsewhere, TimedOut, Unusable, UpstreamError
from modelward.gateway.errors import JSON, ErrorFields, ErrorForm, error_body, error_event
from modelward.gateway.headers import Header

FailureKind = Literal["general", "context_window", "content_policy"]

_NONE = frozenset[FailureKind]()
_GENERAL = frozenset[FailureKind]({"general"})
_SPECIAL = frozenset[FailureKind]({"context_window", "content_policy"})

# The operator's account, a model that is gone, a limit, a conflict at the upstream: not the request's own mistake.
_NOT_THE_CALLERS = frozenset({401, 402, 403, 404, 408, 409, 429})

_said: Mapping[str, Mapping[str, FailureKind]] = yaml.safe_load(
    files(__package__).joinpath("failures.yaml").read_text(encoding="utf-8")
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
    code, message = error.get("code"), error.get("message")
    if isinstance(code, str) and code in _said["codes"]:
        return _said["codes"][code]
    text = message.lower() if isinstance(message, str) else ""
    return next((kind for said, kind in _said["texts"].items() if said in text), None)


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
        return [JSON] if self.may_retry else [JSON, (b"x-should-retry", b"false")]

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


class Withheld(UpstreamError):
    """An answer, or the rest of one, may not be sent; `failure` says so to the client."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


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

_BY_ERROR = {
    OtherStyle: OTHER_STYLE,
    ServedElsewhere: APART,
    Unusable: UNUSABLE,
    NotReached: UNREACHABLE,
    TimedOut: SILENT,
    Broken: BROKEN,
}


def failure_of(error: Unusable | UpstreamError) -> Failure:
    """What is answered where no deployment can take a call, or the one that did gives no whole answer."""
    return error.failure if isinstance(error, Withheld) else _BY_ERROR[type(error)]
