"""One Wasm instance: what it holds and what it is asked."""

import pytest

from engine.asking import asking
from modelward.engine import answer
from modelward.engine.embedded import DECISION, EXPLANATION, LISTING, REACH, Guest, Policies
from modelward.errors import DecisionUnavailable
from modelward.loading import Loaded


@pytest.fixture
def guest(loaded: Loaded) -> Guest:
    """An instance that decides."""
    return Guest(Policies.of(loaded.wasm), loaded.sealed.data, 10.0)


def test_the_policies_have_four_entrypoints_and_need_nothing_of_their_host(guest: Guest) -> None:
    assert guest.entrypoints.keys() == {DECISION, EXPLANATION, LISTING, REACH}
    assert guest.builtins == {}


def test_an_answer_is_the_decision_alone(guest: Guest, loaded: Loaded) -> None:
    assert guest.ask(DECISION, answer.question(asking("gpt-4")))["revision"] == loaded.sealed.revision


def test_what_was_asked_before_changes_nothing(guest: Guest) -> None:
    short, long = answer.question(asking("gpt-4")), answer.question(asking("gpt-4", path="x" * 200_000))
    questions = (DECISION, short), (EXPLANATION, short), (DECISION, long), (LISTING, long)
    first = [guest.ask(*each) for each in questions]
    assert all([guest.ask(*each) for each in questions] == first for _ in range(20))


@pytest.mark.parametrize("question", [b"", b"{", b"no json", b"\xff"])
def test_what_is_no_question_is_answered_by_nothing_that_allows(guest: Guest, question: bytes) -> None:
    try:
        assert not guest.ask(DECISION, question)["allow"]
    except DecisionUnavailable as error:
        assert "undefined" in str(error)


def test_an_entrypoint_that_is_not_there_is_a_key_error(guest: Guest) -> None:
    with pytest.raises(KeyError):
        guest.ask("modelward/elsewhere", b"{}")
