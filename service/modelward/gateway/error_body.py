"""An error as clients read it, in each of the three forms (E1)."""

from dataclasses import dataclass

import orjson

from modelward.contract import JsonObject
from modelward.gateway.error_forms import ErrorForm

# Each provider's own words: Anthropic's error types, and the names of google.rpc.Code with the statuses they stand for.
_ANTHROPIC = {
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_GOOGLE = {
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True, slots=True)
class ErrorFields:
    """The status and E2's type, `kind`; `param` and `code` are OpenAI's alone, and an empty `code` is the status."""

    status: int
    kind: str
    param: str | None = None
    code: str = ""


def error_body(fields: ErrorFields, message: str, form: ErrorForm, decision_id: str | None = None) -> JsonObject:
    """The body of an error; only Anthropic's form has a place for the decision's id beside the message."""
    if form == "anthropic":
        return _anthropic(fields, message) | ({"request_id": decision_id} if decision_id else {})
    return _google(fields, message) if form == "google" else _openai(fields, message)


def error_event(body: JsonObject, form: ErrorForm) -> bytes:
    """The same as an event, the last of a stream that breaks; Google's clients know no event by name."""
    name = b"" if form == "google" else b"event: error\n"
    return b"%bdata: %b\n\n" % (name, orjson.dumps(body))


def _openai(fields: ErrorFields, message: str) -> JsonObject:
    code = fields.code or str(fields.status)
    return {"error": {"message": message, "type": fields.kind, "param": fields.param, "code": code}}


def _anthropic(fields: ErrorFields, message: str) -> JsonObject:
    other = "api_error" if fields.status >= 500 else "invalid_request_error"
    kind = _ANTHROPIC.get(fields.status, other)
    return {"type": "error", "error": {"type": kind, "message": message, "details": {"error_code": fields.kind}}}


def _google(fields: ErrorFields, message: str) -> JsonObject:
    status = _GOOGLE.get(fields.status, "INTERNAL" if fields.status >= 500 else "INVALID_ARGUMENT")
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": fields.kind, "domain": "modelward"}
    return {"error": {"code": fields.status, "message": message, "status": status, "details": [info]}}
