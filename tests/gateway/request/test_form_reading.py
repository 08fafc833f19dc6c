"""What is no form is refused, and nothing is kept of it."""

import gc
import warnings
from collections.abc import Sequence
from contextlib import aclosing

import pytest
from starlette.types import Message, Receive

from gateway.form_bytes import LIMIT, ROUTE, TYPE, file, form, raw, read, text, whole
from modelward.errors import ClientLeft, Invalid
from modelward.gateway.request.forms import read_form

ONE = text("model", "a")

NO_FORM = {
    "nothing": b"",
    "JSON": b'{"model": "a"}',
    "no last boundary": b"--XX\r\n" + ONE + b"\r\n--XX\r\n",
    "half a last boundary": whole(ONE)[:-3],
    "half a head": b"--XX\r\nContent-Disposition: form-data; na",
    "another boundary": whole(ONE).replace(b"XX", b"YY"),
    "text before it": b"hello\r\n" + whole(ONE),
    "a line before it": b"\r\nhello--XX" + whole(ONE),
    "no name": whole(raw("form-data")),
    "an empty name": whole(text("")),
    "no head at all": whole(b"\r\nx"),
    "no form data": whole(raw('attachment; name="model"')),
    "two names": whole(raw('form-data; name="a"; name="model"')),
    "an encoded name": whole(raw("form-data; name*=utf-8''model")),
    "an encoded name beside a plain one": whole(raw("form-data; name=\"a\"; name*=utf-8''model")),
    "a name in pieces beside a plain one": whole(raw('form-data; name="a"; name*0="model"')),
    "a name that is not UTF-8": whole(b'Content-Disposition: form-data; name="m\xff"\r\n\r\nx'),
    "a text that is not UTF-8": whole(raw('form-data; name="model"', b"\xff")),
    "two heads": whole(text("a", "x", 'Content-Disposition: form-data; name="model"')),
    "two types": whole(text("a", "x", "Content-Type: text/plain", "Content-Type: text/html")),
    "an encoded text": whole(text("model", "Z3B0LTQ=", "Content-Transfer-Encoding: base64")),
    "another charset": whole(text("model", "x", "Content-Type: text/plain; charset=utf-7")),
    "parts in a part": whole(file("file", b"x", "a", "Content-Type: multipart/mixed; boundary=YY")),
    "a bare line feed in a head": whole(raw('form-data; name="file"; filename="a\nb"')),
    "a bare line feed in a type": whole(file("file", b"x", "a", "Content-Type: text/plain\nX-Y: z")),
    "a type beyond ASCII": whole(file("file", b"x", "a", "Content-Type: text/plän")),
    "a file without a name": whole(file("file", b"x", "")),
    "too many parts": whole(*[ONE] * 1001),
    "too many files": whole(*[file("image[]")] * 21),
    "too long a text": whole(text("prompt", "x" * (1024 * 1024 + 1))),
}


@pytest.mark.parametrize("what", list(NO_FORM))
async def test_what_is_no_form_is_400(what: str) -> None:
    with pytest.raises(Invalid):
        await read(NO_FORM[what])


@pytest.mark.parametrize(
    "content_type",
    [
        *(
            b"",
            b"application/json",
            b"multipart/form-data",
            b"multipart/form-data; boundary=",
            b"multipart/mixed; boundary=XX",
        ),
        *(TYPE + b"; boundary=YY", TYPE + b"; charset=utf-16", b"multipart/form-data; boundary*=utf-8''XX"),
        *(b"multipart/form-data; boundary=" + b"X" * 300, b'multipart/form-data; boundary="X\\"X"', b"\xff" + TYPE),
        b"multipart/form-data; boundary*" + b"1" * 5000 + b"=X",
    ],
)
async def test_a_type_that_tells_no_boundary_is_400(content_type: bytes) -> None:
    with pytest.raises(Invalid):
        await read(whole(ONE), content_type=content_type)


async def test_two_types_are_400() -> None:
    with pytest.raises(Invalid, match="one `Content-Type"):
        await read(whole(ONE), (b"content-type", TYPE))


async def test_a_compressed_form_is_400() -> None:
    with pytest.raises(Invalid, match="compressed"):
        await read(whole(ONE), (b"content-encoding", b"gzip"))


@pytest.mark.parametrize("content_type", [TYPE, b'Multipart/Form-Data; charset="UTF-8"; Boundary="XX"'])
async def test_a_form_is_read(content_type: bytes) -> None:
    assert (await read(whole(ONE), content_type=content_type)).fields == {"model": "a"}


async def test_the_model_may_come_after_the_file() -> None:
    async with aclosing(await form(file("file", b"audio"), ONE)) as read:
        assert read.fields == {"model": "a"}


async def test_an_empty_form_has_no_fields() -> None:
    assert (await form()).fields == {}


async def test_what_follows_the_last_boundary_is_nothing() -> None:
    assert (await read(whole(ONE) + b"--XX\r\n" + text("model", "b") + b"\r\n--XX--")).fields == {"model": "a"}


async def test_the_head_of_a_file_is_kept() -> None:
    sent = file("file", b"x", "naïve; name=model.wav", "Content-Type: audio/webm;codecs=opus")
    async with aclosing(await form(sent)) as read:
        (found,) = read.files
        assert (found.filename, found.content_type) == ("naïve; name=model.wav", "audio/webm;codecs=opus")
        assert [chunk async for chunk in found.chunks()] == [b"x"]


async def test_an_encoded_file_name_beside_a_plain_one_is_passed_over() -> None:
    async with aclosing(await form(raw("form-data; name=file; filename=a.wav; filename*=utf-8''b.wav"))) as read:
        assert read.files[0].filename == "a.wav"


async def test_a_large_file_is_kept_byte_for_byte() -> None:
    data = bytes(range(256)) * 20_000
    async with aclosing(await form(file("file", data))) as read:
        pieces = [chunk async for chunk in read.files[0].chunks(1_000_000)]
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) == 1_000_000


async def test_a_client_that_leaves_gets_no_answer() -> None:
    with pytest.raises(ClientLeft):
        await read_form(ROUTE, [(b"content-type", TYPE)], _breaks_off([whole(ONE)[:20]]), LIMIT)


async def test_nothing_is_left_open_on_any_way_out() -> None:
    big = file("file", b"x" * 2_000_000)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        async with aclosing(await form(big)):
            pass
        for body in [whole(big, text("%")), whole(big)[:-10]]:
            with pytest.raises(Invalid):
                await read(body)
        with pytest.raises(ClientLeft):
            await read_form(ROUTE, [(b"content-type", TYPE)], _breaks_off([whole(big)[:-10]]), LIMIT)
        gc.collect()
    assert not [each for each in caught if each.category is ResourceWarning]


async def test_a_closed_form_gives_no_bytes() -> None:
    async with aclosing(await form(file("file"))) as read:
        pass
    with pytest.raises(ValueError, match="closed"):
        _ = [chunk async for chunk in read.files[0].chunks()]


def _breaks_off(parts: Sequence[bytes]) -> Receive:
    messages: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive
