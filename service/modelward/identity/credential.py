"""Where a request carries its credential (A1)."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from modelward.errors import Unidentified

HEADERS = (
    b"x-litellm-api-key",
    b"authorization",
    b"api-key",
    b"x-api-key",
    b"x-goog-api-key",
    b"ocp-apim-subscription-key",
)
TEAM_HEADER = b"x-litellm-team-id"
_BEARER = "bearer "

Headers = Sequence[tuple[bytes, bytes]]


def credential(headers: Headers, query: bytes, google: bool) -> str | None:
    """The credential of a request, `None` if it carries none; bytes that are not UTF-8 become lone surrogates.

    `headers` and `query` are as ASGI gives them. The first of HEADERS that is present decides alone, also if it is
    empty; `?key=` counts on Google-style routes only, where no header does. Raises Unidentified for a header or
    parameter that is there twice with different values: which one is meant is not ours to guess.
    """
    for name in HEADERS:
        value = _value(headers, name, "surrogateescape")
        if value is not None:
            is_bearer = value[: len(_BEARER)].lower() == _BEARER
            return (value[len(_BEARER) :] if is_bearer else value).strip(" \t")
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="surrogateescape") if google else []
    keys = {value for name, value in parameters if name == "key"}
    return _only(keys, "?key=") if keys else None


def team_header(headers: Headers) -> str | None:
    """The team that a request with a token asks for (R7), `None` if for none; bytes that are not UTF-8 name no team,
    and become U+FFFD. Raises Unidentified for a header that is there twice with different values."""
    return _value(headers, TEAM_HEADER, "replace")


def _value(headers: Headers, name: bytes, errors: str) -> str | None:
    """A header's value without the white space around it, which is no part of it; `None` where it is not there."""
    values = {value.decode("utf-8", errors).strip(" \t") for header, value in headers if header.lower() == name}
    return _only(values, name.decode()) if len(values) > 1 else next(iter(values), None)


def _only(values: set[str], place: str) -> str:
    first, *others = values
    if others:
        raise Unidentified(f"`{place}` is there more than once, with different values: send it once")
    return first
