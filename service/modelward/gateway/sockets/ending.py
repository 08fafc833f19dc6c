"""How a socket ends: an error event that tells the client why, then a close with a code."""

from dataclasses import dataclass

import orjson

from modelward.gateway.client_text import masked
from modelward.gateway.error_body import ErrorFields
from modelward.gateway.failures import Failure
from modelward.gateway.refusals import Refusal

NORMAL = 1000
POLICY_VIOLATION = 1008
INTERNAL_ERROR = 1011

_LONGEST_REASON = 123


@dataclass(frozen=True, slots=True)
class Ending:
    """The close that a client gets; `reason` is cut to what a close frame holds, `event` comes before it."""

    code: int
    reason: str = ""
    event: str | None = None

    @property
    def short_reason(self) -> str:
        """The reason as a close frame can carry it."""
        return self.reason.encode()[:_LONGEST_REASON].decode(errors="ignore")


class Ended(Exception):
    """Raised by whichever part finds that the socket must end."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending


def of_refusal(refusal: Refusal, decision_id: str) -> Ending:
    """The end of a socket that is refused: 1008, which the official SDK does not answer by opening it again, but 1011
    under load (E4)."""
    message = f"{refusal.message} (decision {decision_id})"
    code = INTERNAL_ERROR if refusal.may_retry else POLICY_VIOLATION
    return Ending(code, refusal.fields.kind, _event(refusal.fields, message, decision_id))


def of_failure(failure: Failure, model: str, decision_id: str) -> Ending:
    """The end of a socket that no upstream carries; 1011 says that the client may open it again."""
    fields = ErrorFields(failure.status, "upstream_error", code=failure.code)
    message = failure.message(model, decision_id)
    return Ending(
        INTERNAL_ERROR if failure.may_retry else POLICY_VIOLATION,
        failure.code,
        _event(fields, message, decision_id),
    )


def upstream_closed(code: int, model: str, decision_id: str) -> Ending:
    """The end that an upstream made: its own where it is the ordinary one."""
    if code == NORMAL:
        return Ending(NORMAL)
    fields = ErrorFields(502, "upstream_error", code="upstream_broken")
    message = f"the deployment of `{masked(model)}` closed the socket; open it again (decision {decision_id})"
    return Ending(INTERNAL_ERROR, "upstream_broken", _event(fields, message, decision_id))


def _event(fields: ErrorFields, message: str, decision_id: str) -> str:
    """An `error` event, in the form that realtime and responses sockets share."""
    code = fields.code or str(fields.status)
    error = {"type": fields.kind, "code": code, "message": message, "param": fields.param}
    event = {"type": "error", "event_id": f"event_{decision_id}", "status": fields.status, "error": error}
    return orjson.dumps(event).decode()
