"""Child processes that never outlive the tests."""

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

_alive: set["Process"] = set()


class Process:
    """A child in a process group of its own; its output goes to a file that failures quote."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        _alive.add(self)

    @property
    def output(self) -> str:
        """All that the child has written so far."""
        return self.log.read_text(errors="replace")

    @property
    def exit_code(self) -> int | None:
        """How the child ended; `None` while it runs."""
        return self._child.poll()

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; a group that is gone is no error."""
        try:
            os.killpg(self._child.pid, number)
        except ProcessLookupError:
            return

    def terminate(self) -> None:
        """Ask the child alone to end, as a supervisor does."""
        self._child.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = 10) -> int:
        """The exit code; raises `subprocess.TimeoutExpired` when the child still runs."""
        return self._child.wait(seconds)

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


@contextmanager
def running(command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> Iterator[Process]:
    """A process that is stopped when the block ends, however it ends."""
    process = Process(command, log, env)
    try:
        yield process
    finally:
        process.stop()


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
