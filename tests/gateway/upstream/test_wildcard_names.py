"""The upstream's name for a model asked for through a wildcard entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.upstream.serving import deployment
from modelward.gateway.upstream.providers import fill, match, upstream_model

TEXT = st.text(st.sampled_from("ab/-."), max_size=6)
PATTERN = st.text(st.sampled_from("ab/-*"), max_size=8)


@pytest.mark.parametrize(
    ("entry", "model", "asked", "sent"),
    [
        ("gpt-4o", "real", "gpt-4o", "real"),
        ("openai/*", "*", "openai/gpt-4o", "gpt-4o"),
        ("openai/*", "*", "gpt-4o", "gpt-4o"),
        ("openai/*", "*", "openai/ft:a/b", "ft:a/b"),
        ("openai/*-mini", "*-mini", "openai/o1-mini", "o1-mini"),
        ("openai/*-mini", "*-mini", "o1-mini", "o1-mini"),
        ("*", "*", "anything/at/all", "anything/at/all"),
        ("team-*-eu-*", "*/*", "team-a-eu-b", "a/b"),
        ("team-*-*", "only-*", "team-a-b", "only-a"),
        ("eu/*", "gpt-4o", "eu/gpt-9", "gpt-4o"),
        ("openai/*", "*", "openai/", ""),
        ("eu/gpt-*", "gpt-*", "public-name", "gpt-public-name"),
    ],
)
def test_a_star_of_the_model_is_what_the_star_of_the_entry_stood_for(
    entry: str, model: str, asked: str, sent: str
) -> None:
    assert upstream_model(deployment(entry=entry, model=model), asked) == sent


@given(PATTERN, st.lists(TEXT, min_size=8, max_size=8))
def test_a_filled_pattern_matches_and_fills_to_the_same_name(pattern: str, runs: list[str]) -> None:
    name = fill(pattern, runs)
    found = match(pattern, name)
    assert found is not None
    assert fill(pattern, found) == name


@given(PATTERN, TEXT)
def test_what_matches_gives_the_name_back(pattern: str, name: str) -> None:
    found = match(pattern, name)
    assert found is None or fill(pattern, found) == name


def test_a_long_name_against_many_stars_takes_no_time() -> None:
    assert match("*a" * 50 + "b", "a" * 100_000) is None
