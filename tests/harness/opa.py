"""Real OPA servers."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.process import Process, eventually, running
from harness.wire import call


@dataclass(frozen=True)
class Opa:
    """A running OPA server."""

    port: int
    process: Process

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def healthy(self) -> bool:
        """Whether it answers and its bundles are active."""
        try:
            return call(self.port, "GET", "/health?bundles", seconds=1).status == 200
        except OSError:
            return False


def opa_command() -> str:
    """The `opa` executable; tests that need it cannot run without."""
    found = shutil.which("opa")
    if found is None:
        pytest.fail("`opa` is not on PATH; install OPA 1.22 or later", pytrace=False)
    return found


@contextmanager
def opa_server(bundles: Sequence[Path], folder: Path, *, port: int | None = None) -> Iterator[Opa]:
    """OPA with these bundles, folders or archives, ready to be asked; its log lies in `folder`."""
    port = port or free_port()
    loads = [part for bundle in bundles for part in ("--bundle", str(bundle))]
    quiet = ["--log-level", "error", "--skip-version-check", "--ignore", "*_test.rego"]
    command = [opa_command(), "run", "--server", "--addr", f"127.0.0.1:{port}", *quiet, *loads]
    with running(command, folder / "opa.log") as process:
        opa = Opa(port, process)
        eventually(lambda: process.exit_code is not None or opa.healthy(), 20)
        if not opa.healthy():
            pytest.fail(f"opa did not start: {process.output}", pytrace=False)
        yield opa
