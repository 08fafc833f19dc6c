"""What a client is told when an upstream fails: one row each, without an address or a secret."""

from dataclasses import dataclass

import orjson

from modelward.contract import JsonObject
from modelward.gateway.client_text import masked
from modelward.gateway.error_body import ErrorFields, error_body, error_event
from modelward.gateway.error_forms import ErrorForm
from modelward.gateway.headers import Header
from modelward.gateway.providers import Apart, OtherStyle, Unusable


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
    """What is told where no deployment can take a call."""
    if isinstance(error, OtherStyle):
        return OTHER_STYLE
    return APART if isinstance(error, Apart) else UNUSABLE
