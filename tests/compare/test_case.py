"""What of a disagreement has to be explained."""

from compare.case import Point
from compare.examples import case, row
from compare.lists import covers


def test_answers_that_agree_have_nothing_to_explain() -> None:
    assert not case("gpt-4", row("gpt-4")).points
    assert not case("gpt-4", row("gpt-4"), rules=("key_model_access",), refusal=(403, "")).points


def test_each_rule_has_to_be_explained_for_each_name_that_its_list_does_not_cover() -> None:
    found = case("gpt-4", row("gpt-4"), rules=("key_model_access",), key={"models": ["x"]}, fallbacks=["x", "y"])
    assert found.points == {Point("key_model_access", "gpt-4"), Point("key_model_access", "y")}


def test_an_unknown_model_has_to_be_explained_by_its_name() -> None:
    found = case("gpt-4", row("gpt-4"), rules=("model_known",), fallbacks=["ghost"])
    assert found.points == {Point("model_known", "ghost")}


def test_a_rule_that_is_about_no_list_has_to_be_explained_once() -> None:
    assert case("gpt-4", row("gpt-4"), rules=("user_role",)).points == {Point("user_role")}


def test_what_litellm_refuses_has_to_be_explained_by_its_status() -> None:
    assert case("gpt-4", row("gpt-4"), refusal=(403, "key_model_access_denied")).points == {Point("litellm 403")}


def test_another_entry_has_to_be_explained() -> None:
    assert case("gpt-4", row("gpt-4"), served=("one", "other")).points == {Point("served")}


def test_an_empty_list_covers_everything() -> None:
    found = case("gpt-4", row("gpt-4")).found("gpt-4")
    assert covers([], found)
    assert not covers(["ghost"], found)
