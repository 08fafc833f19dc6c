"""How much memory a process takes while something goes on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.02


@dataclass
class Growth:
    """Resident bytes before, and the most there were since."""

    before: int
    most: int

    @property
    def mib(self) -> float:
        """By how much it grew, in MiB."""
        return (self.most - self.before) / 2**20


def resident(pid: int) -> int:
    """The resident bytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) * 1024


@contextmanager
def growth(pid: int) -> Iterator[Growth]:
    """Watches a process for as long as the block lasts."""
    before = resident(pid)
    watched, stop = Growth(before, before), threading.Event()

    def watch() -> None:
        while not stop.wait(_EVERY_SECONDS):
            watched.most = max(watched.most, resident(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        stop.set()
        thread.join()
