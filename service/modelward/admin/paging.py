"""One page of many records."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import Field

T = TypeVar("T")

PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
"""Pages count from 1."""
PageSize = Annotated[int, Field(ge=1, le=100)]


class Read(Protocol[T]):
    """Reads some of the records, and says how many there are in all."""

    def __call__(self, *, offset: int, limit: int) -> Awaitable[tuple[list[T], int]]:
        """Those from `offset` on, at most `limit`."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page's records, with how many there are on all pages, and how many pages."""

    records: list[T]
    total: int
    pages: int


async def read_page(read: Read[T], number: int, size: int) -> Page[T]:
    """The page of that number. Passes on what `read` raises."""
    records, total = await read(offset=(number - 1) * size, limit=size)
    return Page(records, total, -(-total // size))
