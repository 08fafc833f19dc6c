"""One Wasm instance: what it holds and what it is asked."""

from collections.abc import Iterator

import orjson
import pytest
from opapywasm.runtime import WasmtimeRuntimeFactory

from engine.asking import asking
from modelward.engine import answer
from modelward.engine.embedded import DECISION, EXPLANATION, LISTING, Guest, compiled
from modelward.loading import Loaded


@pytest.fixture(scope="module")
def factory(loaded: Loaded) -> Iterator[WasmtimeRuntimeFactory]:
    """The compiled policies."""
    made = compiled(loaded.wasm)
    yield made
    made.close()


@pytest.fixture
def guest(factory: WasmtimeRuntimeFactory, loaded: Loaded) -> Iterator[Guest]:
    """An instance that decides."""
    made = Guest(factory, loaded.sealed.data, DECISION, 10.0)
    yield made
    made.close()


def test_the_policies_have_three_entrypoints_and_need_nothing_of_their_host(guest: Guest) -> None:
    assert set(guest.entrypoints()) == {DECISION, EXPLANATION, LISTING}
    assert guest.builtins() == {}


def test_an_answer_is_a_result_set_of_one_row(guest: Guest, loaded: Loaded) -> None:
    (row,) = orjson.loads(guest.ask(answer.question(asking("gpt-4"))))
    assert row["result"]["revision"] == loaded.sealed.revision


def test_what_was_asked_before_changes_nothing(guest: Guest) -> None:
    short, long = answer.question(asking("gpt-4")), answer.question(asking("gpt-4", path="x" * 200_000))
    first = guest.ask(short), guest.ask(long)
    assert all((guest.ask(short), guest.ask(long)) == first for _ in range(20))


@pytest.mark.parametrize("question", [b"", b"{", b"no json", b"\xff"])
def test_what_is_no_question_is_answered_by_nothing_that_allows(guest: Guest, question: bytes) -> None:
    rows = orjson.loads(guest.ask(question))
    assert not [row for row in rows if row["result"]["allow"]]


def test_an_entrypoint_that_is_not_there_is_a_key_error(factory: WasmtimeRuntimeFactory, loaded: Loaded) -> None:
    with pytest.raises(KeyError):
        Guest(factory, loaded.sealed.data, "modelward/elsewhere", 1.0)
