"""A client's text in a message is short, on one line, and shows no key (K4)."""

import pytest

from modelward.contract.facts import masked, shortened


def test_a_long_text_is_cut() -> None:
    assert shortened("a" * 1_000) == "a" * 97 + "..."


def test_a_short_text_stays_as_it_is() -> None:
    assert shortened("tools[0].svg") == "tools[0].svg"


def test_what_would_break_the_line_or_its_quotes_is_not_shown() -> None:
    assert shortened("a\nb`c\x00") == "a?b?c?"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("sk-secret", "sk-..."), ("openai/sk-secret", "openai/sk-..."), ("gpt-4", "gpt-4"), ("task-1", "task-1")],
)
def test_what_looks_like_a_key_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown
