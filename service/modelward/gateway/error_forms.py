"""The form in which an endpoint's clients read errors (E1)."""

from collections.abc import Iterable
from typing import Literal

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
