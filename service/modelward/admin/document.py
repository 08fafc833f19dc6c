"""Query strings that say one thing, and only where they are read: nothing that was sent is dropped in silence."""

from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.security import HTTPBearer
from pydantic import BaseModel
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from modelward.errors import Invalid


async def plain_query(request: Request) -> None:
    """Refuse a parameter that is given twice, and any beside a body. Raises Invalid."""
    if request.method != "GET":
        await no_query(request)
    names = [_shown(name) for name, _ in request.query_params.multi_items()]
    for name in names:
        if names.count(name) > 1:
            raise Invalid(f"the parameter `{name}` is given twice: send it once")


async def no_query(request: Request) -> None:
    """Refuse every parameter. Raises Invalid."""
    for name in request.query_params:
        raise Invalid(f"unknown parameter `{_shown(name)}`: leave it out")


def _shown(name: str) -> str:
    return name[:50].encode("ascii", "backslashreplace").decode()


DocumentedResponses = dict[int | str, dict[str, Any]]

_PAGE = "/docs"
_DESCRIPTION = "/openapi.json"
_SCRIPT, _STYLE, _ICON = (f"{_PAGE}/{name}" for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"))

_VALIDATION = ("HTTPValidationError", "ValidationError")
_MEANING = {
    400: "The request itself is wrong, or the record exists already.",
    401: "No known credential, or not an admin's.",
    403: "The caller may not use this route.",
    404: "No such record.",
    409: "The config file declares the record, or its name is taken.",
    503: "The records or a decision cannot be had: try again later.",
}

BEARER = HTTPBearer(auto_error=False, description="The master key, or a key or token of a proxy admin.")
"""The gate has read the credential already: here it is only described."""


class Fault(BaseModel):
    """What went wrong; the decision's id ends the message."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorAnswer(BaseModel):
    """An error, in the form of OpenAI's API."""

    error: Fault


def _errors(*statuses: int) -> DocumentedResponses:
    return {status: {"model": ErrorAnswer, "description": _MEANING[status]} for status in statuses}


EVERY = _errors(400, 401, 403, 503)
MISSING = _errors(404)
TAKEN = _errors(409)
MISSING_OR_TAKEN = _errors(404, 409)


class DocumentedApp(FastAPI):
    """An app whose description is true to its errors: what does not validate is 400, never FastAPI's 422. The page that
    shows it needs no internet."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(openapi_url=_DESCRIPTION, docs_url=None, redoc_url=None, **settings)
        self.get(_PAGE, include_in_schema=False)(self._page)
        self.mount(_PAGE, StaticFiles(directory=str(files("fastapi_offline") / "static")))

    async def _page(self) -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=_DESCRIPTION,
            title=self.title,
            swagger_js_url=_SCRIPT,
            swagger_css_url=_STYLE,
            swagger_favicon_url=_ICON,
        )

    def openapi(self) -> dict[str, Any]:
        """The description in OpenAPI's form."""
        document = super().openapi()
        for methods in document["paths"].values():
            for route in methods.values():
                route["responses"].pop("422", None)
        for name in _VALIDATION:
            document["components"]["schemas"].pop(name, None)
        return document
