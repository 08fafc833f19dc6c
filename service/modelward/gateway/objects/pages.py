"""Which part of a list is asked for, and how it is told, in OpenAI's way and in Anthropic's."""

from collections.abc import Mapping
from dataclasses import dataclass

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.places import query_values
from modelward.gateway.routes import Route

_MOST = 100


@dataclass(frozen=True, slots=True)
class Page:
    """At most `limit` objects behind the one with the id `after`; `backwards` gives those before it, the nearest
    first. `purpose` is that of files."""

    limit: int
    after: str | None
    ascending: bool
    backwards: bool = False
    purpose: str | None = None


def page_of(route: Route, query: bytes) -> Page:
    """The page that a query asks for. Raises Invalid."""
    limit = _limit(_one(query, "limit"))
    if route.form == "anthropic":
        before = _one(query, "before_id")
        after = _one(query, "after_id")
        if before is not None and after is not None:
            raise Invalid("`before_id` and `after_id` may not stand together; send one")
        return Page(limit, before or after, ascending=before is not None, backwards=before is not None)
    if _one(query, "before") is not None:
        raise Invalid("`before` is not taken; use `after`, with `order` for the other direction")
    order = _one(query, "order") or "desc"
    if order not in {"asc", "desc"}:
        raise Invalid("`order` must be `asc` or `desc`")
    return Page(limit, _one(query, "after"), order == "asc", purpose=_one(query, "purpose"))


def told(route: Route, page: Page, found: Mapping[str, JsonObject], *, more: bool) -> JsonObject:
    """The list as its clients read it; `found` are the objects by id, in the order of the page."""
    ids = list(found)[::-1] if page.backwards else list(found)
    edges = {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None, "has_more": more}
    data = {"data": [found[each] for each in ids], **edges}
    return data if route.form == "anthropic" else {"object": "list", **data}


def _one(query: bytes, name: str) -> str | None:
    values = query_values(query, name)
    if len(values) > 1:
        raise Invalid(f"`?{name}=` stands there more than once; send one")
    return values[0] if values and values[0] else None


def _limit(text: str | None) -> int:
    if text is None:
        return 20
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise Invalid(f"`limit` must be a number from 1 to {_MOST}")
    return min(int(text), _MOST)
