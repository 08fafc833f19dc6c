"""The page that a query asks for, a list as the clients of either provider read it, and a stream that ends early."""

from collections.abc import AsyncIterator

import pytest

from modelward.contract import JsonObject
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects.binding import whole_events
from modelward.gateway.objects.lists import page_of, told
from modelward.gateway.routes import Route, Router


def _route(path: str) -> Route:
    match = Router(ROUTES).find("GET", path)
    assert match is not None
    return match.route


ANTHROPIC, OPENAI = _route("/v1/messages/batches"), _route("/v1/batches")


def test_a_page_of_anthropic_comes_after_one_object_or_before_one() -> None:
    assert not page_of(ANTHROPIC, b"").ascending
    after, before = page_of(ANTHROPIC, b"after_id=a"), page_of(ANTHROPIC, b"before_id=b")
    assert (after.after, after.ascending) == ("a", False)
    assert (before.after, before.ascending) == ("b", True)


def test_a_page_of_anthropic_does_not_come_both_after_one_and_before_another() -> None:
    with pytest.raises(Invalid, match="may not be sent together"):
        page_of(ANTHROPIC, b"before_id=b&after_id=a")


def test_a_page_before_an_object_has_the_newest_first_at_anthropic_alone() -> None:
    found: dict[str, JsonObject] = {"old": {}, "new": {}}
    before, ascending = page_of(ANTHROPIC, b"before_id=x"), page_of(OPENAI, b"order=asc")
    assert told(ANTHROPIC, before, found, more=False)["first_id"] == "new"
    assert told(OPENAI, ascending, found, more=False)["first_id"] == "old"


def test_only_a_list_of_openai_says_that_it_is_one() -> None:
    page = page_of(OPENAI, b"")
    assert told(OPENAI, page, {"b1": {"id": "b1"}}, more=False)["object"] == "list"
    assert "object" not in told(ANTHROPIC, page, {"b1": {"id": "b1"}}, more=False)


async def test_an_event_that_is_not_ended_passes_when_its_stream_ends() -> None:
    async def stream() -> AsyncIterator[bytes]:
        yield b"data: 1\n\nda"
        yield b"ta: 2"

    assert [piece async for piece in whole_events(stream())] == [b"data: 1\n\n", b"data: 2"]


async def test_a_stream_of_whole_events_ends_with_the_last_of_them() -> None:
    async def stream() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    assert [piece async for piece in whole_events(stream())] == [b"data: 1\n\n"]
