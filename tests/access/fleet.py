"""Servers for the cases: the next ones start while the present one is asked, few run at a time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from access.cases import Engine
from harness.gateway import Gateway


@dataclass(frozen=True)
class Berth:
    """What one server is for: an engine, and a setting as JSON."""

    engine: Engine
    setting: str


Start = Callable[[Berth], AbstractContextManager[Gateway]]


class Fleet:
    """Starts a server for each berth, at most `crew` at a time, and stops it once another is asked for."""

    def __init__(self, order: Sequence[Berth], start: Start, *, crew: int = 2) -> None:
        self._order = list(dict.fromkeys(order))
        self._start = start
        self._crew = crew
        self._pool = ThreadPoolExecutor(crew)
        self._afloat: dict[Berth, Future[tuple[Gateway, ExitStack]]] = {}

    def gateway(self, berth: Berth) -> Gateway:
        """The server of that berth, ready to be asked; raises what its start raised."""
        place = self._order.index(berth)
        wanted = self._order[place : place + 1 + self._crew]
        for other in [other for other in self._afloat if other not in wanted]:
            self._pool.submit(_stop, self._afloat.pop(other))
        for each in wanted:
            if each not in self._afloat:
                self._afloat[each] = self._pool.submit(self._launch, each)
        return self._afloat[berth].result()[0]

    def close(self) -> None:
        """Stop every server."""
        for future in self._afloat.values():
            future.cancel() or self._pool.submit(_stop, future)
        self._pool.shutdown()

    def _launch(self, berth: Berth) -> tuple[Gateway, ExitStack]:
        with ExitStack() as stack:
            gateway = stack.enter_context(self._start(berth))
            return gateway, stack.pop_all()


def _stop(future: Future[tuple[Gateway, ExitStack]]) -> None:
    if future.exception() is None:
        future.result()[1].close()


@contextmanager
def fleet(order: Sequence[Berth], start: Start) -> Iterator[Fleet]:
    """A fleet that is gone when the block ends."""
    servers = Fleet(order, start)
    try:
        yield servers
    finally:
        servers.close()
