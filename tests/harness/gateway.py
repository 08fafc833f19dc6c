"""Real Modelward processes."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.forked import fork
from harness.ports import free_port
from harness.process import Launch, Process, eventually, program, running
from harness.wire import Answer, call


@dataclass(frozen=True)
class Gateway:
    """A running Modelward; `master_key` is the one in its config."""

    port: int
    process: Process
    master_key: str

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, target: str, *, key: str | None = None, content: object = None) -> Answer:
        """One JSON request."""
        return call(self.port, method, target, key=key, content=content)

    def chat(self, model: str, *, key: str, **fields: object) -> Answer:
        """One chat completion."""
        content = {"model": model, "messages": [{"role": "user", "content": "hello"}], **fields}
        return self.call("POST", "/v1/chat/completions", key=key, content=content)

    def manage(self, path: str, content: object) -> Any:
        """One call of the admin API with the master key; an error is a failure of the test."""
        answer = self.call("POST", path, key=self.master_key, content=content)
        assert answer.status in {200, 201}, f"{path} answered {answer.status}: {answer.text}"
        return answer.json()

    def new_key(self, **fields: object) -> str:
        """A fresh virtual key."""
        return str(self.manage("/key/generate", fields)["key"])

    def readiness(self) -> Answer:
        """What the readiness probe says."""
        return self.call("GET", "/health/readiness")

    def ready(self) -> bool:
        """Whether the readiness probe answers 200."""
        try:
            return self.readiness().status == 200
        except OSError:
            return False


def serve_command(
    config: Path, port: int, *, database_url: str, opa_url: str | None = None, workers: int = 1
) -> list[str]:
    """The command line of one Modelward; with `opa_url` it asks that server, else the embedded engine."""
    command = [sys.executable, "-m", "modelward", "serve", str(config), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--database-url", database_url, "--workers", str(workers)]
    return command + (["--engine", "opa", "--opa-url", opa_url] if opa_url else ["--engine", "embedded"])


@contextmanager
def gateway(
    config: Path,
    folder: Path,
    *,
    master_key: str,
    opa_url: str | None = None,
    database_url: str | None = None,
    env: Mapping[str, str] | None = None,
    launch: Launch | None = None,
    workers: int = 1,
) -> Iterator[Gateway]:
    """A Modelward that is ready; its log, and by default its database, lie in `folder`.

    It is forked unless `launch` says otherwise; one with several workers is launched, as a fork has no children.
    """
    port = free_port()
    database = database_url or f"sqlite:///{folder / 'modelward.db'}"
    command = serve_command(config, port, database_url=database, opa_url=opa_url, workers=workers)
    start = launch or (fork if workers == 1 else program)
    with running(command, folder / "modelward.log", env, start) as process:
        server = Gateway(port, process, master_key)
        eventually(lambda: process.exit_code is not None or server.ready(), 180)
        if not server.ready():
            said = server.readiness().text if process.exit_code is None else f"exit code {process.exit_code}"
            pytest.fail(f"modelward is not ready: {said}\n{process.output}", pytrace=False)
        yield server
