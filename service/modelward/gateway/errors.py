"""Errors as clients read them: the status and type of each refusal, in three forms (spec section 10)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from starlette.types import Send

from modelward.contract import JsonObject, Reason, Rule
from modelward.errors import Refused
from modelward.gateway.headers import Header

_ID = b"x-modelward-decision-id"

ErrorForm = Literal["openai", "anthropic", "google"]

# The first prefix that fits decides. What Google serves below `openai` is called by OpenAI's clients.
_FORMS: dict[str, ErrorForm] = {
    "/v1/messages": "anthropic",
    "/anthropic": "anthropic",
    "/v1beta/openai": "openai",
    "/v1beta": "google",
    "/vertex_ai": "google",
}


def form_of(path: str) -> ErrorForm:
    """The form for a request's path as sent, or for a route's template; also for a path that is no route."""
    return next((form for prefix, form in _FORMS.items() if path == prefix or path.startswith(prefix + "/")), "openai")


def id_headers(decision_id: str, form: ErrorForm) -> list[Header]:
    """The headers with the decision's id (E3); Anthropic's clients read one of their own."""
    value = decision_id.encode()
    headers: list[Header] = [(b"x-request-id", value), (_ID, value)]
    return [*headers, (b"request-id", value)] if form == "anthropic" else headers


def id_in(headers: Iterable[Header]) -> str:
    """The decision's id in an answer's headers, names in lower case; empty where there is none."""
    return next((value.decode() for name, value in headers if name == _ID), "")


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


JSON: Header = (b"content-type", b"application/json")


async def respond(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    """Sends a whole answer."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


UNAVAILABLE = ErrorFields(503, "decision_unavailable")
OVERLOADED = ErrorFields(503, "overloaded")
_RETRY_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal ready to send; `may_retry` is true where the client's own retry is welcome, a little later (E4)."""

    fields: ErrorFields
    message: str
    may_retry: bool = False

    @property
    def headers(self) -> list[Header]:
        """Its headers in every form, without a length and without the decision's id."""
        retry: list[Header] = []
        if self.may_retry:
            retry = [(b"x-should-retry", b"true"), (b"retry-after", b"%d" % _RETRY_SECONDS)]
        elif self.fields.status >= 500:
            retry = [(b"x-should-retry", b"false")]
        return [(b"content-type", b"application/json"), *retry]

    def body(self, decision_id: str, form: ErrorForm) -> bytes:
        """The body in the client's form; the message carries the decision's id (E1, E3)."""
        message = f"{self.message} (decision {decision_id})"
        return orjson.dumps(error_body(self.fields, message, form, decision_id))


def of_reason(reason: Reason, rules: Mapping[str, Rule]) -> Refusal:
    """The refusal for a decision's first reason, as the METADATA of its rule says."""
    rule = rules.get(reason.rule) or Rule(name=reason.rule)
    return Refusal(ErrorFields(rule.status, rule.type, rule.param, rule.code), reason.message)


def of_error(error: Refused) -> Refusal:
    """The refusal for a request that is refused before or beside a decision."""
    return Refusal(ErrorFields(error.status, error.kind), str(error))


def unavailable() -> Refusal:
    """No decision can be had (E4)."""
    return Refusal(UNAVAILABLE, "no decision could be made, so nothing was forwarded; try again later")


def overloaded() -> Refusal:
    """Too many wait for a decision: this request was shed before it was asked about (E4)."""
    message = "too many requests wait for a decision just now, so nothing was forwarded; try again in a second"
    return Refusal(OVERLOADED, message, may_retry=True)
