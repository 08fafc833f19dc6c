"""Where in a body a field stands."""

import tracemalloc
from typing import Any

import pytest

from modelward.errors import Invalid
from modelward.gateway.request.places import spots

FOUND: list[tuple[str, dict[str, Any], dict[str, object]]] = [
    ("model", {"model": "a"}, {"model": "a"}),
    ("model", {"model": None}, {"model": None}),
    ("model", {"Model": "a"}, {}),
    ("session.model", {"session": {"model": "a"}}, {"session.model": "a"}),
    ("session.model", {"session": None}, {}),
    ("session.model", {"session": {}}, {}),
    ("tools[].model", {"tools": [{}, {"model": "a"}, {"model": "b"}]}, {"tools[1].model": "a", "tools[2].model": "b"}),
    ("tools[].model", {"tools": []}, {}),
    ("tools[].svg.model", {"tools": [{"svg": {"model": "a"}}, {"svg": None}]}, {"tools[0].svg.model": "a"}),
    ("input[]?.tools[].model", {"input": "a text"}, {}),
    ("input[]?.tools[].model", {"input": [{"tools": [{"model": "a"}]}]}, {"input[0].tools[0].model": "a"}),
    ("x.**.model", {"x": {"model": "a", "y": {"model": "b"}}}, {"x.model": "a", "x.y.model": "b"}),
    ("x.**.model", {"x": [{"model": "a"}, [{"y": {"model": "b"}}]]}, {"x[0].model": "a", "x[1][0].y.model": "b"}),
    ("x.**.model", {"x": None, "model": "a"}, {}),
    ("x.**.model", {"x": {"model": {"model": "a"}}}, {"x.model": {"model": "a"}, "x.model.model": "a"}),
    ("ids[]", {"ids": None}, {}),
]


@pytest.mark.parametrize(("where", "body", "found"), FOUND)
def test_each_field_that_is_there_is_found_with_its_place(
    where: str, body: dict[str, Any], found: dict[str, object]
) -> None:
    assert {spot.place: spot.value for spot in spots(body, where)} == found


def test_each_item_of_a_list_is_found() -> None:
    assert [spot.value for spot in spots({"ids": ["a", "b"]}, "ids[]")] == ["a", "b"]


OTHER_SHAPES: list[tuple[str, dict[str, Any], str]] = [
    ("session.model", {"session": "a"}, "`session` must be an object"),
    ("session.model", {"session": [{"model": "a"}]}, "`session` must be an object"),
    ("tools[].model", {"tools": {"model": "a"}}, "`tools` must be a list"),
    ("tools[].model", {"tools": "a"}, "`tools` must be a list"),
    ("tools[].model", {"tools": [None]}, r"`tools\[0\]` must be an object"),
    ("tools[].svg.model", {"tools": [{"svg": "a"}]}, r"`tools\[0\]\.svg` must be an object"),
    ("input[]?.tools[].model", {"input": {"tools": []}}, "`input` must be a list"),
    ("input[]?.tools[].model", {"input": [{"tools": "a"}]}, r"`input\[0\]\.tools` must be a list"),
    ("x.**.model", {"x": "a"}, "`x` must be an object or a list"),
    ("ids[]", {"ids": "a"}, "`ids` must be a list"),
]


@pytest.mark.parametrize(("where", "body", "message"), OTHER_SHAPES)
def test_another_shape_on_the_way_is_refused_with_its_place(where: str, body: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        list(spots(body, where))


def test_the_place_of_the_body_itself_is_told() -> None:
    (spot,) = spots({"model": "a"}, "model", place="extra_body.")
    assert spot.place == "extra_body.model"


def test_what_is_written_stands_in_the_body() -> None:
    body = {"tools": [{"model": "a"}], "x": [{"y": {"model": "b"}}]}
    for spot in spots(body, "tools[].model", "x.**.model", "model"):
        spot.write("c")
    assert body == {"tools": [{"model": "c"}], "x": [{"y": {"model": "c"}}]}


def test_a_long_key_on_the_way_costs_nothing_at_each_item_below_it() -> None:
    body = {"x": {"k" * 2_000_000: [{"y": 1}] * 60_000}}
    tracemalloc.start()
    try:
        assert list(spots(body, "x.**.model")) == []
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_place_is_as_short_as_a_message_may_be() -> None:
    deep: object = {"model": "a"}
    for _ in range(150):
        deep = {"k" * 10_000: [deep]}
    (spot,) = spots({"x": deep}, "x.**.model")
    assert len(spot.place) < 200


def test_a_key_on_the_way_is_not_shown() -> None:
    (spot,) = spots({"x": {"sk-secret": {"model": 1}}}, "x.**.model")
    assert spot.place == "x.sk-....model"


def test_a_long_place_is_shortened_in_a_message() -> None:
    with pytest.raises(Invalid) as refused:
        list(spots({"y": 1}, "y.model", place="x" * 10_000))
    assert len(str(refused.value)) < 150
