"""What is said to have been meant by a word that nobody knows."""

import pytest

from modelward.hints import hint, meant

FIELDS = ["allowed_routes", "metadata", "models", "team_id"]


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("modles", "models"),
        ("model", "models"),
        ("TEAM_ID", "team_id"),
        ("team-id", "team_id"),
        ("teamid", "team_id"),
        ("meta_data", "metadata"),
        ("alowed_routes", "allowed_routes"),
        ("mqdels", "models"),
    ],
)
def test_a_slip_of_the_pen_is_near_the_word(word: str, right: str) -> None:
    assert meant(word, FIELDS) == right


@pytest.mark.parametrize("word", ["allowed_models", "routes", "team", "user_id", "only_on_mondays", ""])
def test_another_word_is_near_none(word: str) -> None:
    assert meant(word, FIELDS) is None


def test_a_plural_is_near_its_singular() -> None:
    assert meant("entries", ["entry", "wildcard"]) == "entry"


def test_the_plural_of_a_short_word_with_a_slip_is_near_the_plural() -> None:
    assert meant("teqms", ["teams", "users"]) == "teams"


def test_a_hint_is_a_question_or_what_else_is_to_be_said() -> None:
    assert hint("modles", FIELDS) == "; did you mean `models`?"
    assert hint("x", FIELDS, "leave it out") == "; leave it out"
    assert hint("x", FIELDS) == ""
