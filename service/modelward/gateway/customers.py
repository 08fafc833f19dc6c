"""The customer that a request names: `user` in the body, or a header (L7)."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from modelward.contract import Customer
from modelward.errors import Invalid
from modelward.gateway.headers import Header

HEADERS = frozenset({b"x-litellm-customer-id", b"x-litellm-end-user-id"})
_LONGEST = 1_000
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

FindCustomer = Callable[[str], Awaitable[Customer | None]]
"""The customer of an id, `None` for one without a record. Raises StoreUnavailable."""


def customer_id(headers: Sequence[Header], body: Mapping[str, object]) -> str | None:
    """The id of the customer, `None` where none is named. Raises Invalid for what is no id, and where two are named."""
    extra = body.get("extra_body")
    places = [("user", body.get("user")), ("extra_body.user", extra.get("user") if isinstance(extra, dict) else None)]
    places += [(name.decode(), _decoded(value)) for name, value in headers if name in HEADERS]
    ids = {_checked(value, place) for place, value in places if value not in (None, "")}
    if len(ids) > 1:
        raise Invalid("the request names different customers in different places; name one")
    return ids.pop() if ids else None


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape").strip(" \t")


def _checked(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{place}` must be a text, the id of a customer")
    if len(value) > _LONGEST or _UNPRINTABLE.search(value):
        raise Invalid(
            f"`{place}` must be the id of a customer: at most {_LONGEST} characters, none of them a control character"
        )
    return value
