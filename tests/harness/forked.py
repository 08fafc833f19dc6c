"""Modelward processes forked from one that has imported everything: for tests that need dozens of servers."""

import multiprocessing
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTEXT = multiprocessing.get_context("forkserver")
# `pytest` too: every child imports the main module of the process that asked for it.
CONTEXT.set_forkserver_preload(["modelward.cli", "modelward.serve", "pytest"])


class _Forked:
    """A forked process, as `Child` has it."""

    def __init__(self, arguments: Sequence[str], log: Path, env: Mapping[str, str]) -> None:
        self._process = CONTEXT.Process(target=_run, args=(list(arguments), str(log), dict(env)), daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its id, and its group's."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code, `None` while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; raises `subprocess.TimeoutExpired`."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("modelward", timeout or 0)
        return self._process.exitcode


def fork(command: Sequence[str], log: Path, env: Mapping[str, str]) -> _Forked:
    """Run a `python -m modelward ...` command line in a fork."""
    arguments = list(command)[list(command).index("modelward") + 1 :]
    return _Forked(arguments, log, env)


def _run(arguments: list[str], log: str, env: dict[str, str]) -> None:
    from modelward.cli import main

    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(env)
    main(arguments)
