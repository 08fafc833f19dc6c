"""The form of every error, and what the description says of them."""

import logging
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from modelward.admin.fields import OUR_OWN, shown
from modelward.errors import Invalid, NotFound, Refused, StoreUnavailable

_METHOD_NOT_ALLOWED = 405
_MEANING = {
    400: "The request itself is wrong, or the record exists already.",
    401: "No known credential, or not an admin's.",
    403: "The caller may not use this route.",
    404: "No such record.",
    409: "The config file declares the record, or its name is taken.",
    503: "The records or a decision cannot be had: try again later.",
}
_log = logging.getLogger(__name__)


class Fault(BaseModel):
    """What went wrong; the decision's id ends the message."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorAnswer(BaseModel):
    """An error, in the form of OpenAI's API."""

    error: Fault


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorAnswer, "description": _MEANING[status]} for status in statuses}


EVERY = _errors(400, 401, 403, 503)
MISSING = _errors(404)
TAKEN = _errors(409)
MISSING_OR_TAKEN = _errors(404, 409)


async def _refused(request: Request, error: Refused) -> JSONResponse:
    return _answer(request, error.status, str(error), error.kind)


async def _unavailable(request: Request, error: StoreUnavailable) -> JSONResponse:
    _log.warning("%s", error)
    message = "the records cannot be read or written: try again later"
    answer = _answer(request, 503, message, "service_unavailable_error")
    answer.headers["x-should-retry"] = "false"
    return answer


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """Name the first fault and its place, never what was sent there: it may be a key."""
    first = error.errors()[0]
    kind, place = first["type"], ".".join(shown(str(part)) for part in first["loc"][1:])
    message = first["msg"][:1].lower() + first["msg"][1:]
    if kind == "json_invalid":
        place, message = "", "the body is no JSON"
    elif kind != OUR_OWN or place:
        message = f"`{place or 'body'}`: {message}"
    return _answer(request, Invalid.status, message, Invalid.kind, place or None)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code in (NotFound.status, _METHOD_NOT_ALLOWED):
        return _answer(request, NotFound.status, "this route is not served here; check method and path", NotFound.kind)
    return _answer(request, error.status_code, str(error.detail).lower(), Refused.kind)


def _answer(request: Request, status: int, message: str, kind: str, param: str | None = None) -> JSONResponse:
    """The answer names the decision that allowed the request (E3)."""
    message = f"{message} (decision {request.state.decision_id})"
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": str(status)}}, status)


HANDLERS: dict[Any, Any] = {
    Refused: _refused,
    StoreUnavailable: _unavailable,
    RequestValidationError: _invalid,
    HTTPException: _http,
}
"""They give every error that form. What does not validate is 400, where LiteLLM says 422: the official SDKs then raise
BadRequestError (E1). A known path's other methods are no routes (M4)."""
