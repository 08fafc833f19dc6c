"""A file is cut into lines, however it is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.batch.files import cut, part
from modelward.errors import Invalid
from modelward.gateway.batch.lines import LONGEST_LINE, MOST_BYTES, MOST_LINES, slices


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n\n", b"\n  \r\n\t\n"])
async def test_blank_lines_at_the_end_are_no_lines(end: bytes) -> None:
    assert await cut(b"a\nb" + end) == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize("content", [b"a\n\nb", b"\na", b"a\n\n\nb\n", b"a\n \r\nb"])
async def test_a_blank_line_before_another_is_named(content: bytes) -> None:
    number = content.split(b"\n").index(next(each for each in content.split(b"\n") if not each.strip())) + 1
    with pytest.raises(Invalid, match=f"line {number} is blank"):
        await cut(content)


@pytest.mark.parametrize("content", [b"", b"\n", b" \n\t\r\n"])
async def test_a_file_without_lines_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="no lines"):
        await cut(content)


async def test_a_byte_order_mark_is_refused() -> None:
    with pytest.raises(Invalid, match="byte order mark"):
        await cut(b"\xef\xbb\xbfa")


async def test_a_file_may_have_so_many_lines_and_not_one_more() -> None:
    assert (await cut(b"a\n" * MOST_LINES))[-1] == (MOST_LINES, b"a")
    with pytest.raises(Invalid, match=f"more than {MOST_LINES} lines"):
        await cut(b"a\n" * (MOST_LINES + 1))


async def test_a_line_may_be_so_long_and_not_one_byte_longer() -> None:
    longest = b"a" * LONGEST_LINE
    assert await cut(b"b\n" + longest) == [(1, b"b"), (2, longest)]
    with pytest.raises(Invalid, match="line 2 is longer"):
        await cut(b"b\n" + longest + b"a\n")


async def test_a_file_that_is_too_long_is_not_read() -> None:
    with part(b"") as file:
        file.file.size = MOST_BYTES + 1
        file.file.close()
        with pytest.raises(Invalid, match="split it"):
            await anext(slices(file))


@given(st.lists(st.binary(min_size=1, max_size=9).map(lambda raw: raw.replace(b"\n", b"x") + b"."), min_size=1))
async def test_what_is_cut_is_what_was_sent(lines: list[bytes]) -> None:
    if lines[0].startswith(b"\xef\xbb\xbf"):
        return
    assert await cut(b"\n".join(lines)) == list(enumerate(lines, 1))


async def test_lines_longer_than_what_is_read_at_once_are_whole() -> None:
    lines = [bytes([65 + place]) * (300_000 * place + 1) for place in range(4)]
    assert await cut(b"\n".join(lines)) == list(enumerate(lines, 1))
