"""The processes of a run: started, waited for, and ended with it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process whose output goes to `log`; it is ended with the block. `env` is added to its environment."""
    environment = {**os.environ, **(env or {})}
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def python(module: str, *arguments: object) -> list[str]:
    """The command line of a module of this Python."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def opa() -> str:
    """Where the `opa` program is; ends the run if it is nowhere."""
    found = shutil.which("opa")
    if found is None:
        sys.exit("`opa` is not on the PATH; install Open Policy Agent 1.22.4 or later")
    return found


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 30) -> None:
    """Wait for a 200 from `url`; ends the run, with the process's log, if it does not come."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    sys.exit(f"{log.stem} did not become ready:\n{log.read_text(errors='replace')}")


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """The CPU time a process has used; 0 where the system does not tell (it does on Linux)."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
