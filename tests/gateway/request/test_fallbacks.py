"""The shapes in which a client may send fallbacks, and what they name (F1)."""

from typing import Any

import pytest

from modelward.errors import Invalid
from modelward.gateway.request.footprint import fallbacks

FALLBACK_FIELDS = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"]


def named(value: object) -> list[str]:
    """The names in one `fallbacks`."""
    return list(fallbacks({"fallbacks": value}))


@pytest.mark.parametrize("field", FALLBACK_FIELDS)
def test_every_fallback_field_names_models(field: str) -> None:
    assert list(fallbacks({field: ["a"]})) == ["a"]


SHAPES: list[tuple[object, list[str]]] = [
    ("a", ["a"]),
    ("a, b", ["a", "b"]),
    (["a", "b"], ["a", "b"]),
    ({"model": "a"}, ["a"]),
    ([{"model": "a"}, "b"], ["a", "b"]),
    ([{"model": "a", "messages": [{"role": "user", "content": "no name"}]}], ["a"]),
    ({"x": ["a", "b"]}, ["a", "b"]),
    ({"x": "a", "y": "b"}, ["a", "b"]),
    ([{"x": ["a", {"y": [{"model": "b"}]}]}], ["a", "b"]),
    ([[["a"]]], ["a"]),
    ({"model": ["a"], "x": ["b"]}, ["a", "b"]),
    ([{"model": "a", "fallbacks": ["b"], "context_window_fallbacks": [{"x": ["c"]}]}], ["a", "b", "c"]),
]


@pytest.mark.parametrize(("value", "models"), SHAPES)
def test_every_target_is_named_and_a_maps_key_is_not(value: object, models: list[str]) -> None:
    assert named(value) == models


@pytest.mark.parametrize("value", [None, [], {}, [[]], {"x": []}])
def test_nothing_in_it_names_nothing(value: object) -> None:
    assert named(value) == []


@pytest.mark.parametrize(
    "value", [1, True, "", ["a", None], [1], {"x": None}, {"model": None}, {"model": 1}, {"model": {}}, ["a", ""]]
)
def test_any_other_shape_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match="`fallbacks"):
        named(value)


@pytest.mark.parametrize("field", ["api_base", "base_url", "api_key", "model_list", "custom_llm_provider"])
def test_a_fallback_that_redirects_is_refused(field: str) -> None:
    with pytest.raises(Invalid, match=field):
        named([{"model": "a", field: "x"}])
    with pytest.raises(Invalid, match=field):
        named([{"x": [{"model": "a", field: "x"}]}])


def nested(value: Any, times: int) -> Any:
    """Fallbacks of fallbacks."""
    for _ in range(times):
        value = {"model": "a", "fallbacks": value}
    return value


def test_fallbacks_of_fallbacks_are_named_however_deep() -> None:
    assert named(nested("b", 10)) == ["a"] * 10 + ["b"]


@pytest.mark.parametrize("depth", [100, 250])
def test_fallbacks_nested_beyond_all_use_are_refused(depth: int) -> None:
    lists: Any = "a"
    for _ in range(depth):
        lists = [lists]
    for value in (lists, nested("b", depth)):
        with pytest.raises(Invalid, match="too deeply"):
            named(value)


def test_the_message_names_no_model() -> None:
    with pytest.raises(Invalid) as refused:
        named([{"secret-model": [1]}])
    assert "secret-model" not in str(refused.value)
