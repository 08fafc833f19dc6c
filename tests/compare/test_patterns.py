"""How LiteLLM reads patterns."""

import pytest

from compare.examples import row
from compare.litellm_patterns import first_patterns, granted


def test_the_longest_expression_is_taken_first() -> None:
    rows = [row("gpt-4*"), row("*gpt*"), row("openai/*")]
    assert [*first_patterns(rows, "gpt-4o")] == ["*gpt*", "*gpt*"]


def test_an_entry_needs_to_hold_only_the_beginning_of_a_name() -> None:
    assert [*first_patterns([row("openai/*-mini")], "openai/o1-mini-2")] == ["openai/*-mini"]


def test_a_bare_name_is_tried_under_each_provider() -> None:
    assert [*first_patterns([row("openai/gpt-*")], "gpt-4o")] == ["openai/gpt-*"]
    assert not [*first_patterns([row("openai/gpt-*")], "other/gpt-4o")]


@pytest.mark.parametrize(
    ("item", "name", "holds"),
    [("gpt-4.1*", "gpt-4x1", True), ("gpt-4.1", "gpt-4x1", False), ("*-mini", "o1-mini-2", False)],
)
def test_an_item_of_a_list_is_a_regular_expression_for_the_whole_name(item: str, name: str, holds: bool) -> None:
    assert granted(item, name) is holds
