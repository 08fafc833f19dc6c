"""Options, servers and a summary shared by all tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.postgres import Postgres, postgres

# `make test` draws the same few examples on every run, `make test-long` many new ones. A slow machine fails neither.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("short", _PATIENT, max_examples=40, derandomize=True)
settings.register_profile("long", _PATIENT, max_examples=1_000)
settings.load_profile("short")

_MEASURES = pytest.StashKey[list[str]]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what this worker measured to the process that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["measures"] = session.config.stash.get(_MEASURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker measured."""
    lines = getattr(node, "workeroutput", {}).get("measures", [])
    node.config.stash.setdefault(_MEASURES, []).extend(lines)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, on success too."""
    for line in terminalreporter.config.stash.get(_MEASURES, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def measures(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the end of the run: seeds, counts and shares."""
    return pytestconfig.stash.setdefault(_MEASURES, [])


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward with the sample config.yaml and the embedded engine, shared by all tests that only ask it."""
    with gateway(SAMPLE_CONFIG, tmp_path_factory.mktemp("sample"), master_key=SAMPLE_MASTER_KEY) as running:
        yield running


@pytest.fixture(scope="session")
def database_server() -> Iterator[Postgres]:
    """A PostgreSQL, shared by all tests: each has a database of its own."""
    with postgres() as running:
        running.server.psql("ALTER SYSTEM SET fsync = off")  # or the many databases take long to stop
        running.server.psql("SELECT pg_reload_conf()")
        yield running
