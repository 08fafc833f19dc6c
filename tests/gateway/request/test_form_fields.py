"""The texts of a form become an object, so that no model hides in how a name is written."""

from contextlib import aclosing

import pytest

from gateway.form_bytes import file, form, text
from modelward.errors import Invalid

NESTED = {
    "a plain name": ([("model", "a")], {"model": "a"}),
    "an empty text": ([("model", "")], {"model": ""}),
    "a key": ([("svg[model]", "a")], {"svg": {"model": "a"}}),
    "two keys": ([("svg[model]", "a"), ("svg[x][y]", "b")], {"svg": {"model": "a", "x": {"y": "b"}}}),
    "a place": ([("tools[0][model]", "a")], {"tools": [{"model": "a"}]}),
    "places out of order": (
        [("tools[7][model]", "b"), ("tools[0][model]", "a")],
        {"tools": [{"model": "a"}, {"model": "b"}]},
    ),
    "no place": ([("tools[][model]", "a")], {"tools": [{"model": "a"}]}),
    "items one after another": (
        [("tools[][type]", "t"), ("tools[][model]", "a"), ("tools[][type]", "u")],
        {"tools": [{"type": "t", "model": "a"}, {"type": "u"}]},
    ),
    "a deep repetition": (
        [("t[][a][x]", "1"), ("t[][a][y]", "2"), ("t[][a][x]", "3")],
        {"t": [{"a": {"x": "1", "y": "2"}}, {"a": {"x": "3"}}]},
    ),
    "a list": ([("x[]", "a"), ("x[]", "b")], {"x": ["a", "b"]}),
    "a list of one": ([("x[]", "a")], {"x": ["a"]}),
    "a name sent twice": ([("model", "a"), ("model", "b")], {"model": ["a", "b"]}),
    "a key sent twice": ([("svg[model]", "a"), ("svg[model]", "b")], {"svg": {"model": ["a", "b"]}}),
    "another case": ([("Model", "a")], {"Model": "a"}),
    "JSON where an object is meant": ([("session", ' {"model": "a"}')], {"session": {"model": "a"}}),
    "JSON where a list is meant": ([("fallbacks", '["a", {"model": "b"}]')], {"fallbacks": ["a", {"model": "b"}]}),
    "JSON in a list": ([("tools[]", '{"model": "a"}')], {"tools": [{"model": "a"}]}),
    "JSON in any field": ([("anything", '{"model": "a"}')], {"anything": {"model": "a"}}),
    "JSON under a key": ([("x[y]", '{"model": "a"}')], {"x": {"y": {"model": "a"}}}),
    "JSON under a key of a file": ([("image[svg]", '{"model": "a"}')], {"image": {"svg": {"model": "a"}}}),
    "JSON in extra_body": ([("extra_body[tools]", '[{"model": "a"}]')], {"tools": [{"model": "a"}]}),
    "a prompt that looks like JSON": ([("prompt", "[draw")], {"prompt": "[draw"}),
    "a prompt in extra_body that looks like JSON": ([("extra_body[prompt]", "[x")], {"prompt": "[x"}),
    "a note that looks like JSON": ([("metadata[note]", "{x")], {"metadata": {"note": "{x"}}),
    "a text in place of an object": ([("session", "abc")], {"session": "abc"}),
}


@pytest.mark.parametrize("what", list(NESTED))
async def test_a_name_says_where_its_text_stands(what: str) -> None:
    parts, fields = NESTED[what]
    assert (await form(*(text(*part) for part in parts))).fields == fields


@pytest.mark.parametrize(
    "names",
    [
        ("x", "x[y]"),
        ("x[y]", "x"),
        ("x[y]", "x[y][z]"),
        ("x[]", "x[y]"),
        ("x[0]", "x[]"),
        ("x[0]", "x[y]"),
        ("x[0][y]", "x[0][]"),
        ("x[]", "x"),
    ],
)
async def test_two_shapes_of_one_name_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(Invalid, match="two shapes"):
        await form(*map(text, names))


@pytest.mark.parametrize("value", ["{", "[1", '{"a": 1} x', '[1], "value": [2]', '{"a": NaN}', "{'a': 1}", "[" * 500])
@pytest.mark.parametrize("name", ["tools", "anything", "x[y]", "extra_body[x]", "model"])
async def test_what_begins_as_json_must_be_json(value: str, name: str) -> None:
    with pytest.raises(Invalid, match="JSON"):
        await form(text(name, value))


@pytest.mark.parametrize("before", ["\ufeff", "\u00a0", "\u2028", "\x0c", "\ufeff\u00a0"])
async def test_json_behind_what_only_some_readers_skip_is_refused(before: str) -> None:
    with pytest.raises(Invalid, match="JSON"):
        await form(text("session", before + '{"model": "a"}'))


async def test_json_in_a_form_has_the_limits_of_a_json_body() -> None:
    with pytest.raises(Invalid, match="64 bits"):
        await form(text("session", '{"seed": 18446744073709551616}'))


@pytest.mark.parametrize("name", ["x[00]", "x[01]", "x[1234567]"])
async def test_a_place_is_counted_in_one_way_only(name: str) -> None:
    with pytest.raises(Invalid, match="place in a list"):
        await form(text(name))


@pytest.mark.parametrize(
    "name",
    [
        *(" model", "model ", "mod el", "x]", "x[", "x[a", "x[a]b", "[model]", "x[[a]]", "%6dodel", "a\\\\b"),
        *("_charset_", "x\u00a0", "x" + "[a]" * 10),
    ],
)
async def test_a_name_that_others_may_read_differently_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        await form(text(name))


async def test_files_are_no_fields() -> None:
    parts = text("model", "a"), file("image", b"1"), file("image[]", b"2"), file("image[0]", b"3")
    async with aclosing(await form(*parts)) as read:
        assert read.fields == {"model": "a"}
        assert [(each.name, each.file.size) for each in read.files] == [("image", 1), ("image[]", 1), ("image[0]", 1)]


@pytest.mark.parametrize(
    "name", ["model", "model[]", "svg[model]", "tools", "extra_body", "api_base", "purpose", "target_model_names", "x"]
)
async def test_no_field_hides_in_a_file(name: str) -> None:
    with pytest.raises(Invalid, match="may not be a file"):
        await form(file(name))


async def test_a_file_has_no_keys() -> None:
    with pytest.raises(Invalid, match="may not be a file"):
        await form(file("image[model]"))
