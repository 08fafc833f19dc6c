"""A named difference: what it is called in docs/differences.md, and which points of a disagreement it explains."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compare.case import Case, Point


@dataclass(frozen=True)
class Difference:
    """`name` begins with the number of its rule; `explains` says whether the point comes of it."""

    name: str
    explains: Callable[[Case, Point], bool]


def explanation(case: Case, differences: Iterable[Difference]) -> set[str] | None:
    """The names of the differences that explain the points, the first that does for each; `None` if one is left."""
    found = {next((each.name for each in differences if each.explains(case, point)), "") for point in case.points}
    return None if "" in found else found
