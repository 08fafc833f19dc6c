"""A file is written anew from what was judged: whatever a line holds, no model travels that was not (M1, M2)."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.batch.files import CHAT, groups, line, part, read, reader
from modelward.contract import Deployment
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.batch.groups import Placement, rewritten
from modelward.gateway.objects import ObjectId

HERE = [Deployment("d", "e", "openai", "m")]
KEYS = [
    "model",
    "tools",
    "moderation",
    "svg",
    "extra_body",
    "fallbacks",
    "user",
    "metadata",
    "body",
    "router_settings_override",
]
NAMES = st.sampled_from(["gpt-4", "gpt-4", "gpt-4o", "a,b", " x"])


def placed(*lines: bytes) -> Placement:
    """A place where every model that travels has its own name in capitals behind `up-`."""
    names = {each.group: {name: f"up-{name}" for name in each.travelling} for each in groups(*lines)}
    return Placement(HERE, names)


async def no_check(_: Sequence[ObjectId]) -> None:
    """Nothing to refuse."""


@asynccontextmanager
async def written(content: bytes, placement: Placement) -> AsyncIterator[bytes]:
    """The file written anew."""
    with part(content) as file:
        spool = await rewritten(file, reader(), placement, no_check)
        try:
            yield spool.read(0, spool.size + 1)
        finally:
            spool.close()


async def test_every_line_is_written_with_the_upstreams_names() -> None:
    lines = line({"model": "a", "n": 1}), line({"model": "b"}, url="/v1/embeddings", custom_id="2")
    async with written(b"\n".join(lines) + b"\n\n", placed(*lines)) as content:
        assert [orjson.loads(each) for each in content.splitlines()] == [
            {"custom_id": "1", "method": "POST", "url": CHAT, "body": {"model": "up-a", "n": 1}},
            {"custom_id": "2", "method": "POST", "url": "/v1/embeddings", "body": {"model": "up-b"}},
        ]


async def test_one_model_has_a_name_for_each_group_of_lines() -> None:
    names = {(CHAT, None): {"a": "x"}, (CHAT, "c"): {"a": "y"}}
    lines = line({"model": "a"}), line({"model": "a", "user": "c"})
    async with written(b"\n".join(lines), Placement(HERE, names)) as content:
        assert [orjson.loads(each)["body"]["model"] for each in content.splitlines()] == ["x", "y"]


async def test_a_name_that_was_not_judged_is_not_written() -> None:
    with pytest.raises(DecisionUnavailable):
        async with written(line({"model": "b"}), placed(line({"model": "a"}))):
            pass


async def test_a_line_that_is_refused_on_its_way_leaves_nothing_open() -> None:
    with pytest.raises(Invalid, match="line 2"):
        async with written(line() + b"\n{}", placed(line())):
            pass


leaves = st.none() | st.integers(0, 9) | NAMES | st.text(max_size=3)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
objects = st.fixed_dictionaries({}, optional={"model": NAMES, "svg": st.fixed_dictionaries({"model": NAMES})})
likely = st.fixed_dictionaries(
    {"model": NAMES},
    optional={
        "moderation": objects,
        "tools": st.lists(objects, max_size=2),
        "svg": objects,
        "fallbacks": st.lists(NAMES, max_size=2),
        "extra_body": st.fixed_dictionaries({}, optional={"model": NAMES, "tools": st.lists(objects), "svg": objects}),
    },
)
bodies = likely | st.dictionaries(st.sampled_from(KEYS), values, max_size=5)
urls = st.sampled_from([CHAT, "/v1/responses", "/v1/images/edits", "/v1/embeddings", "/v1/nothing"])
doubled = st.tuples(bodies, bodies).map(
    lambda two: (
        b'{"custom_id":"1","method":"POST","url":"%b","body":%b,"body":%b}' % (CHAT.encode(), *map(orjson.dumps, two))
    )
)
raw_lines = st.binary(max_size=40) | st.builds(lambda body, url: line(body, url=url), bodies, urls) | doubled


def acted_on(url: str, body: dict[str, Any]) -> Iterator[object]:
    """Every name that an upstream of these calls could act on."""
    tools = [tool for tool in body.get("tools") or [] if isinstance(tool, dict)]
    holders = [body, body.get("moderation"), *tools, *(tool.get("svg") for tool in tools)]
    if url != "/v1/responses":
        holders.append(body.get("svg"))
    yield from (holder["model"] for holder in holders if isinstance(holder, dict) and "model" in holder)


@settings(max_examples=4 * settings().max_examples)
@given(raw_lines)
def test_a_line_is_refused_or_holds_judged_names_alone(raw: bytes) -> None:
    try:
        found = read(raw)
    except Invalid:
        return
    judged = {f"up-{name}" for name in found.footprint.models}
    travels = found.written(lambda name: f"up-{name}")
    assert travels.keys() == {"custom_id", "method", "url", "body"}
    assert not {"fallbacks", "router_settings_override", "extra_body"} & travels["body"].keys()
    assert travels["body"]["model"] in judged
    assert set(acted_on(found.group[0], travels["body"])) <= judged
    assert orjson.loads(orjson.dumps(travels)) == travels
