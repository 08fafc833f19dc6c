"""Child processes that never outlive the tests."""

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol


class Child(Protocol):
    """A started process that leads its own process group, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int:
        """Its id, and its group's."""

    def poll(self) -> int | None:
        """The exit code, `None` while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; raises `subprocess.TimeoutExpired`."""


class Process:
    """A child whose output goes to a file that failures quote."""

    def __init__(self, child: Child, log: Path) -> None:
        self._child = child
        self._log = log
        _alive.add(self)

    @property
    def output(self) -> str:
        """All that the child has written so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def exit_code(self) -> int | None:
        """How the child ended; `None` while it runs."""
        return self._child.poll()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; a group that is gone is no error."""
        with suppress(ProcessLookupError):
            os.killpg(self._child.pid, number)

    def terminate(self) -> None:
        """Ask the child alone to end, as a supervisor does."""
        with suppress(ProcessLookupError):
            os.kill(self._child.pid, signal.SIGTERM)

    def wait(self, seconds: float = 10) -> int:
        """The exit code; raises `subprocess.TimeoutExpired` when the child still runs."""
        return self._child.wait(seconds)

    def freeze(self) -> None:
        """Stop the group where it is until SIGCONT; on return no thread of the child runs any more (Linux tells)."""
        self.signal(signal.SIGSTOP)
        states = Path("/proc", str(self._child.pid), "task")
        assert eventually(lambda: all(_state(task) == "T" for task in states.glob("*/stat")), 30)

    def stop(self, seconds: float = 10) -> int:
        """End the group: politely, then for good."""
        if self.exit_code is None:
            self.signal(signal.SIGCONT)
            self.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.wait(seconds)
        return self.kill()

    def kill(self) -> int:
        """End the group at once, children that the child left behind too."""
        self.signal(signal.SIGKILL)
        _alive.discard(self)
        return self._child.wait()


_alive: set[Process] = set()

Launch = Callable[[Sequence[str], Path, Mapping[str, str]], Child]


def program(command: Sequence[str], log: Path, env: Mapping[str, str]) -> Child:
    """Start a program."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **env},
            start_new_session=True,
        )


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None, launch: Launch = program
) -> Iterator[Process]:
    """A process that is stopped when the block ends, however it ends."""
    process = Process(launch(command, log, env or {}), log)
    try:
        yield process
    finally:
        process.stop()


def _state(task: Path) -> str:
    return task.read_text().rpartition(")")[2].split()[0]


def eventually(holds: Callable[[], bool], seconds: float, *, pause: float = 0.02) -> bool:
    """Whether `holds` became true within that time."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


@atexit.register
def _end_all() -> None:
    for process in list(_alive):
        process.kill()
