"""The form in which an endpoint's clients read errors (E1)."""

from typing import Literal

ErrorForm = Literal["openai", "anthropic", "google"]


def form_of(path: str) -> ErrorForm:
    """The form for a request's path as sent, or for a route's template; also for a path that is no route."""
    if path.startswith(("/v1/messages", "/anthropic/")):
        return "anthropic"
    if path.startswith(("/v1beta/", "/vertex_ai/")):
        return "google"
    return "openai"
