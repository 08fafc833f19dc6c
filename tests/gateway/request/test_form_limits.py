"""A form is bounded in length and in time."""

import asyncio

import pytest
from starlette.types import Message

from gateway.asgi import chunks
from gateway.form_bytes import LIMIT, ROUTE, TYPE, file, read, text, whole
from modelward.errors import Refused
from modelward.gateway.request.forms import read_form


async def test_a_form_longer_than_the_limit_is_413() -> None:
    body = whole(file("file", b"x" * 1000))
    with pytest.raises(Refused, match="longer than 1000 bytes") as refused:
        await read_form(ROUTE, [(b"content-type", TYPE)], chunks([body[:600], body[600:]]), 1000)
    assert refused.value.status == 413


async def test_a_form_that_announces_too_much_is_not_waited_for() -> None:
    with pytest.raises(Refused) as refused:
        await read_form(ROUTE, [(b"content-type", TYPE), (b"content-length", b"%d" % (LIMIT + 1))], _silent, LIMIT)
    assert refused.value.status == 413


async def test_many_long_texts_are_413() -> None:
    with pytest.raises(Refused, match="texts") as refused:
        await read(whole(*[text("x[]", "x" * 1_000_000)] * 17), limit=100_000_000)
    assert refused.value.status == 413


@pytest.mark.parametrize(("idle", "whole_form"), [(0.01, 9), (9, 0.01)])
async def test_a_form_that_does_not_come_is_408(idle: float, whole_form: float) -> None:
    with pytest.raises(Refused) as refused:
        await read_form(ROUTE, [(b"content-type", TYPE)], _silent, LIMIT, idle_seconds=idle, whole_seconds=whole_form)
    assert refused.value.status == 408


async def test_a_form_that_comes_drop_by_drop_is_not_waited_for_without_end() -> None:
    async def drops() -> Message:
        await asyncio.sleep(0.005)
        return {"type": "http.request", "body": b"", "more_body": True}

    with pytest.raises(Refused) as refused:
        await read_form(ROUTE, [(b"content-type", TYPE)], drops, LIMIT, whole_seconds=0.05)
    assert refused.value.status == 408


async def _silent() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nothing more is to come")
