"""Errors as clients read them: the status and type of each refusal, in three forms (spec section 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

import orjson
import yaml
from starlette.types import Send

from modelward.contract import JsonObject, Reason, Rule
from modelward.errors import Refused
from modelward.gateway.headers import Header

ErrorForm = Literal["openai", "anthropic", "google"]

JSON: Header = (b"content-type", b"application/json")
_ID = b"x-modelward-decision-id"
_RETRY_SECONDS = 1
_table: Mapping[str, Mapping[Any, Any]] = yaml.safe_load(files(__package__).joinpath("errors.yaml").read_text("utf-8"))
_FORMS: Mapping[str, ErrorForm] = _table["forms"]


def form_of(path: str) -> ErrorForm:
    """The form for a request's path as sent, or for a route's template; also for a path that is no route."""
    return next((form for prefix, form in _FORMS.items() if path == prefix or path.startswith(prefix + "/")), "openai")


def id_headers(decision_id: str, form: ErrorForm) -> list[Header]:
    """The headers with the decision's id (E3); Anthropic's clients read one of their own."""
    value = decision_id.encode()
    headers: list[Header] = [(b"x-request-id", value), (_ID, value)]
    return [*headers, (b"request-id", value)] if form == "anthropic" else headers


@dataclass(frozen=True, slots=True)
class ErrorFields:
    """The status and E2's type, `kind`; `param` and `code` are OpenAI's alone, and an empty `code` is the status."""

    status: int
    kind: str
    param: str | None = None
    code: str = ""


def error_body(fields: ErrorFields, message: str, form: ErrorForm, decision_id: str | None = None) -> JsonObject:
    """The body of an error; only Anthropic's form has a place for the decision's id beside the message."""
    status = fields.status
    if form == "anthropic":
        kind = _table["anthropic"].get(status, "invalid_request_error" if status < 500 else "api_error")
        error: JsonObject = {"type": kind, "message": message, "details": {"error_code": fields.kind}}
        return {"type": "error", "error": error} | ({"request_id": decision_id} if decision_id else {})
    if form == "google":
        word = _table["google"].get(status, "INVALID_ARGUMENT" if status < 500 else "INTERNAL")
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": fields.kind, "domain": "modelward"}
        return {"error": {"code": status, "message": message, "status": word, "details": [info]}}
    code = fields.code or str(status)
    return {"error": {"message": message, "type": fields.kind, "param": fields.param, "code": code}}


def error_event(body: JsonObject, form: ErrorForm) -> bytes:
    """The same as an event, the last of a stream that breaks; Google's clients know no event by name."""
    name = b"" if form == "google" else b"event: error\n"
    return b"%bdata: %b\n\n" % (name, orjson.dumps(body))


async def respond(send: Send, status: int, headers: Sequence[Header], body: bytes) -> None:
    """Sends a whole answer."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal ready to send; `may_retry` is true where the client's own retry is welcome, a little later (E4)."""

    fields: ErrorFields
    message: str
    may_retry: bool = False

    @property
    def headers(self) -> list[Header]:
        """Its headers in every form, without a length and without the decision's id."""
        if self.may_retry:
            return [JSON, (b"x-should-retry", b"true"), (b"retry-after", b"%d" % _RETRY_SECONDS)]
        return [JSON, (b"x-should-retry", b"false")] if self.fields.status >= 500 else [JSON]

    def body(self, decision_id: str, form: ErrorForm) -> bytes:
        """The body in the client's form; the message carries the decision's id (E1, E3)."""
        message = f"{self.message} (decision {decision_id})"
        return orjson.dumps(error_body(self.fields, message, form, decision_id))


NO_DECISION = Refusal(
    ErrorFields(503, "decision_unavailable"),
    "no decision could be made, so nothing was forwarded; try again later",
)
"""No decision can be had (E4)."""

SHED = Refusal(
    ErrorFields(503, "overloaded"),
    "too many requests wait for a decision just now, so nothing was forwarded; try again in a second",
    may_retry=True,
)
"""Too many wait for a decision: this request was shed before it was asked about (E4)."""


def of_reason(reason: Reason, rules: Mapping[str, Rule]) -> Refusal:
    """The refusal for a decision's first reason, as the METADATA of its rule says."""
    rule = rules.get(reason.rule) or Rule(name=reason.rule)
    return Refusal(ErrorFields(rule.status, rule.type, rule.param, rule.code), reason.message)


def of_error(error: Refused) -> Refusal:
    """The refusal for a request that is refused before or beside a decision."""
    return Refusal(ErrorFields(error.status, error.kind), str(error))
