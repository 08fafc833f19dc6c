"""What the gate leaves in the scope of a request that it allowed: the caller, and of the decision the subject, what is
shown, and the id."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from modelward.admin.fields import OUR_OWN
from modelward.contract import Caller, Shows, Subject
from modelward.errors import Invalid, NotFound, Refused, StoreUnavailable


def caller_of(request: Request) -> Caller:
    """The caller that the gate allowed."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def subject_of(request: Request) -> Subject:
    """Whom the decision was made for."""
    subject: Subject = request.scope["state"]["subject"]
    return subject


def shows_of(request: Request) -> Shows:
    """What the decision lets an info route show of a record (A3)."""
    shows: Shows = request.scope["state"]["shows"]
    return shows


def decision_id(request: Request) -> str:
    """The id of the decision that allowed the request (E3)."""
    id_: str = request.scope["state"]["decision_id"]
    return id_


def changer(request: Request) -> str:
    """The name under which a change is recorded: the user, else the key's alias or hash, else `master` or `jwt`."""
    caller = caller_of(request)
    of_key = (caller.key.key_alias or caller.key.token) if caller.key is not None else caller.kind
    return subject_of(request).user_id or of_key


_METHOD_NOT_ALLOWED = 405
_log = logging.getLogger(__name__)


def answer_errors(app: FastAPI) -> None:
    """Give every error of the app that form. What does not validate is 400, where LiteLLM says 422: the official SDKs
    then raise BadRequestError (E1). A known path's other methods are no routes (M4)."""
    app.exception_handler(Refused)(_refused)
    app.exception_handler(StoreUnavailable)(_unavailable)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)


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
    if first["type"] == "json_invalid":
        return _answer(request, Invalid.status, "the body is no JSON", Invalid.kind)
    place = ".".join(_ascii(part) for part in first["loc"][1:])
    if first["type"] == OUR_OWN and not place:
        return _answer(request, Invalid.status, first["msg"], Invalid.kind)
    message = first["msg"][:1].lower() + first["msg"][1:]
    return _answer(request, Invalid.status, f"`{place or 'body'}`: {message}", Invalid.kind, place or None)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    if error.status_code in (NotFound.status, _METHOD_NOT_ALLOWED):
        return _answer(request, NotFound.status, "this route is not served here; check method and path", NotFound.kind)
    return _answer(request, error.status_code, str(error.detail).lower(), Refused.kind)


def _ascii(part: str | int) -> str:
    """A name of the client's own, short and fit to be written."""
    return str(part)[:50].encode("ascii", "backslashreplace").decode()


def _answer(request: Request, status: int, message: str, kind: str, param: str | None = None) -> JSONResponse:
    message = f"{message} (decision {decision_id(request)})"
    content = {"error": {"message": message, "type": kind, "param": param, "code": str(status)}}
    return JSONResponse(content, status)
