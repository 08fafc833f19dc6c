"""The customer that a request names: `user` in the body, or the header `x-litellm-end-user-id` (L7)."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from modelward.contract import Customer
from modelward.errors import Invalid
from modelward.gateway.headers import Header

HEADER = b"x-litellm-end-user-id"
_LONGEST = 1_000
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

FindCustomer = Callable[[str], Awaitable[Customer | None]]
"""The customer of an id, `None` for one without a record. Raises StoreUnavailable."""


def customer_id(headers: Sequence[Header], body: Mapping[str, object]) -> str | None:
    """The id of the customer, `None` where none is named. Raises Invalid for what is no id, and where two are named."""
    ids = {_checked(value, "user") for value in [body.get("user")] if value not in (None, "")}
    ids |= {_checked(_decoded(value), HEADER.decode()) for name, value in headers if name == HEADER and value}
    if len(ids) > 1:
        raise Invalid(f"`user` and `{HEADER.decode()}` name different customers; name one")
    return ids.pop() if ids else None


def _decoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _checked(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise Invalid(f"`{place}` must be a text, the id of a customer")
    if len(value) > _LONGEST or _UNPRINTABLE.search(value):
        raise Invalid(
            f"`{place}` must be the id of a customer: at most {_LONGEST} characters, none of them a control character"
        )
    return value
