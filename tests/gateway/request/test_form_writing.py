"""A form is written anew from what was judged, and holds nothing else (M2)."""

from contextlib import aclosing
from typing import Any

import pytest

from gateway.form_bytes import Sent, body_of, file, form, raw, sent, text
from modelward.errors import Invalid
from modelward.gateway.request.body import Content


async def test_a_form_is_written_as_it_was_read() -> None:
    parts = text("model", "a"), file("image[]", b"\x00\r\n--XY", "a.png", "Content-Type: image/png"), text("n", "2")
    async with aclosing(await form(*parts)) as read:
        assert await sent(read.written(read.fields)) == [
            Sent("model", b"a"),
            Sent("image[]", b"\x00\r\n--XY", "a.png", "image/png"),
            Sent("n", b"2"),
        ]


async def test_the_boundary_is_our_own() -> None:
    read = await form(text("model", "a"))
    first, second = read.written(read.fields), read.written(read.fields)
    assert first.content_type != second.content_type
    assert b"XX" not in first.content_type + await body_of(first)


async def test_a_changed_text_takes_the_place_of_the_one_that_was_sent() -> None:
    async with aclosing(await form(file("file", b"x"), text("model", "a"), text("n", "2"))) as read:
        found = await sent(read.written(read.fields | {"model": "b"}))
    assert [(each.name, each.body) for each in found] == [("file", b"x"), ("model", b"b"), ("n", b"2")]


@pytest.mark.parametrize(
    ("names", "fields", "expected"),
    [
        (["model", "x"], {"model": "a"}, [("model", "a")]),
        (["svg[model]", "svg[x]"], {"svg": {"model": "b"}}, [("svg[model]", "b")]),
        (["tools[3][model]"], {"tools": [{"model": "b"}]}, [("tools[3][model]", "b")]),
        (["tools[][a]", "tools[][b]"], {"tools": [{"b": "2"}]}, [("tools[][b]", "2")]),
        (["x[]", "x[]"], {"x": ["b"]}, [("x[]", "b")]),
        (["x", "x"], {"x": ["b", "c"]}, [("x", "b"), ("x", "c")]),
        (["x", "x"], {"x": "b"}, [("x", "b")]),
        (["a"], {"a": "1", "model": "b"}, [("a", "1"), ("model", "b")]),
        (
            ["a"],
            {"a": "1", "n": 2, "s": True, "f": 0.5, "no": None},
            [("a", "1"), ("n", "2"), ("s", "true"), ("f", "0.5")],
        ),
        (["a"], {"x": ["1", "2"], "y": {"z": "3"}}, [("x[]", "1"), ("x[]", "2"), ("y[z]", "3")]),
        (["a"], {"x": [{"y": "1"}, {"y": ["2"]}]}, [("x[0][y]", "1"), ("x[1][y][]", "2")]),
        (["svg[model]"], {"svg": "b"}, [("svg", "b")]),
    ],
)
async def test_what_is_written_are_the_fields_given(
    names: list[str], fields: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = await sent((await form(*map(text, names))).written(fields))
    assert [(each.name, each.body.decode()) for each in found] == expected


async def test_what_was_read_as_json_is_written_as_json() -> None:
    read = await form(text("session", '{"model": "a",\n "model": "b"}', "Content-Type: application/json"))
    (found,) = await sent(read.written(read.fields))
    assert found == Sent("session", b'{"model":"b"}', None, "application/json")


async def test_a_changed_object_is_written_as_json() -> None:
    read = await form(text("session", '{"model": "a"}'))
    (found,) = await sent(read.written({"session": {"model": "b", "voice": None}}))
    assert found.body == b'{"model":"b","voice":null}'


async def test_json_is_not_smuggled_as_a_text() -> None:
    read = await form(text("extra_body", '{"tools": "[{\\"model\\": \\"b\\"}]"}'))
    with pytest.raises(Invalid, match="JSON as a text"):
        read.written(read.fields)


@pytest.mark.parametrize("fields", [{"svg[model]": "b"}, {"x": {"a][b": "b"}}, {"m%6fdel": "b"}, {'a"; x="': "b"}])
async def test_an_added_name_is_not_read_as_another(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="cannot"):
        (await form(text("a"))).written(fields)


async def test_a_form_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(Invalid, match="nothing"):
        (await form(text("fallbacks"))).written({})


async def test_a_file_name_cannot_leave_its_quotes() -> None:
    name = 'a\\"; name=\\"model'
    async with aclosing(await form(file("file", b"x", name))) as read:
        assert read.files[0].filename == 'a"; name="model'
        body = await body_of(read.written({}))
    assert b'; name="file"; filename="a%22; name=%22model"\r\n' in body


async def test_a_text_does_not_become_a_file_by_its_type() -> None:
    read = await form(text("model", "a", "Content-Type: application/octet-stream"))
    assert await sent(read.written(read.fields)) == [Sent("model", b"a")]


async def test_the_type_of_a_session_description_is_kept() -> None:
    read = await form(text("sdp", "v=0\r\n", "Content-Type: application/sdp"))
    assert await sent(read.written(read.fields)) == [Sent("sdp", b"v=0\r\n", None, "application/sdp")]


async def test_other_lines_of_a_parts_head_are_not_forwarded() -> None:
    read = await form(raw('form-data; name="model"; x=y', b"a", "X-Model: b"))
    assert b"\r\nX-" not in await body_of(read.written(read.fields))


async def test_a_large_form_can_be_written_again_after_it_was_left_half_read() -> None:
    data = bytes(range(256)) * 20_000
    async with aclosing(await form(text("model", "a"), file("file", data, "a.bin"))) as read:
        left = read.written(read.fields).body
        assert not isinstance(left, bytes)
        iterator = aiter(left)
        await anext(iterator)
        whole = await sent(read.written(read.fields))
        assert len(b"".join([chunk async for chunk in left])) > len(data)
    assert whole[1] == Sent("file", data, "a.bin", "application/octet-stream")


async def test_a_form_is_content() -> None:
    read: Content = await form(text("model", "a"))
    assert read.fields == {"model": "a"}
