"""However a form is cut, and whatever it is, it is read in one way or refused."""

from collections.abc import Sequence
from contextlib import aclosing
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway.asgi import chunks
from gateway.form_bytes import LIMIT, ROUTE, TYPE, file, sent, text, whole
from modelward.errors import Refused
from modelward.gateway.request.forms import read_form

TRICKY = [b"\r\n--XX", b"\r\n--X", b"--", b"\r", b"\n", b"-", b"--XX--", b"XX", b"a", b"\x00\xff", b" ", b"\t"]

names = st.sampled_from(["model", "svg[model]", "tools[][model]", "x[]", "x", "tools", "%", "model "])
values = st.one_of(st.text(), st.sampled_from(["{", '{"model": "a"}', "[1]"]))
bodies = st.lists(st.sampled_from(TRICKY), max_size=8).map(b"".join)
parts = st.one_of(
    st.builds(text, names, values), st.builds(file, st.sampled_from(["file", "image[]", "model"]), bodies)
)
forms = st.lists(parts, max_size=4).map(lambda found: whole(*found))
pieces = st.sampled_from([*TRICKY, b":", b"Content-Disposition: form-data", b'; name="a"', b"\r\n\r\n", b"--XX\r\n"])
broken = st.lists(st.one_of(pieces, st.binary(max_size=3)), max_size=20).map(lambda rest: b"--XX\r\n" + b"".join(rest))
anything = st.one_of(forms, broken, broken.map(lambda body: body + b"\r\n--XX--"), st.binary(max_size=50))


async def outcome(body: Sequence[bytes]) -> object:
    """What a form holds, or the status of its refusal; nothing else may be raised."""
    try:
        async with aclosing(await read_form(ROUTE, [(b"content-type", TYPE)], chunks(body), LIMIT)) as form:
            return form.fields, [(each.name, b"".join([bit async for bit in each.chunks()])) for each in form.files]
    except Refused as refused:
        return refused.status


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    """The body in pieces, cut at these places."""
    edges = [0, *sorted({place % (len(body) + 1) for place in places}), len(body)]
    return [body[start:end] for start, end in pairwise(edges)]


@given(anything, st.lists(st.integers(0, 10_000), max_size=12))
async def test_a_form_is_read_alike_however_it_is_cut(body: bytes, places: list[int]) -> None:
    assert await outcome(cut(body, places)) == await outcome([body])


@given(anything)
async def test_a_form_is_read_alike_byte_by_byte(body: bytes) -> None:
    assert await outcome([*(body[place : place + 1] for place in range(len(body))), b""]) == await outcome([body])


@given(st.binary(max_size=60))
async def test_any_head_is_read_or_refused(head: bytes) -> None:
    body = b"--XX\r\nContent-Disposition: form-data; " + head + b"\r\n\r\nx\r\n--XX--\r\n"
    assert await outcome([body]) is not None


@given(forms)
async def test_what_is_written_reads_as_what_was_judged(body: bytes) -> None:
    try:
        form = await read_form(ROUTE, [(b"content-type", TYPE)], chunks([body]), LIMIT)
    except Refused:
        return
    async with aclosing(form):
        if not form.fields and not form.files:
            return
        again = form.written(form.fields)
        await sent(again)
        assert isinstance(again.body, bytes)
        async with aclosing(
            await read_form(ROUTE, [(b"content-type", again.content_type)], chunks([again.body]), LIMIT)
        ) as reread:
            assert reread.fields == form.fields
            assert [each.name for each in reread.files] == [each.name for each in form.files]
