"""Hundreds of near-identical cases asked in one test: to collect and report each takes longer than to run it."""

import functools
import inspect
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Value = TypeVar("Value")
Test = Callable[..., Any]


def for_each(name: str, values: Collection[Value], ids: Callable[[Value], object] = str) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but one test, which calls the function with each value in the place of `name`.

    A failure names the first value that failed. Fixtures are shared by all values.
    """
    assert values, f"there is no {name}"

    def decorate(test: Test) -> Test:
        if inspect.iscoroutinefunction(test):

            @functools.wraps(test)
            async def run(**fixtures: Any) -> None:
                for value in values:
                    with _named(name, ids(value)):
                        await test(**fixtures, **{name: value})

        else:

            @functools.wraps(test)
            def run(**fixtures: Any) -> None:
                for value in values:
                    with _named(name, ids(value)):
                        test(**fixtures, **{name: value})

        signature = inspect.signature(test)
        others = [each for each in signature.parameters.values() if each.name != name]
        run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return run

    return decorate


@contextmanager
def _named(name: str, label: object) -> Iterator[None]:
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"{name}: {label}")
        raise
