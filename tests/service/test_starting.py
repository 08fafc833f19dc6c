"""What cannot be started says so in one line, and a stranger's request head is bounded."""

import socket
from pathlib import Path

import pytest

from harness.bundles import SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.forked import fork
from harness.gateway import Gateway, gateway
from harness.process import program, running


def _serve(folder: Path, *options: str) -> tuple[int, str]:
    """The exit code of a service that does not start, and what it says."""
    database = ("--database-url", f"sqlite:///{folder / 'modelward.db'}")
    command = ["modelward", "serve", str(SAMPLE_CONFIG), "--port", "0", *database, *options]
    with running(command, folder / "serve.log", launch=fork) as process:
        return process.wait(180), process.output


@pytest.mark.parametrize(
    "options",
    [
        ("--database-url", "postgresql://modelward:TOPSECRETPW/modelward"),
        ("--database-url", "nonsense"),
        ("--engine", "opa", "--opa-url", "nonsense"),
        ("--engine", "opa", "--opa-url", "http://127.0.0.1:99999"),
    ],
)
def test_a_bad_address_ends_with_one_line_and_no_secret(tmp_path: Path, options: tuple[str, ...]) -> None:
    code, said = _serve(tmp_path, *options)
    errors = [line for line in said.splitlines() if " INFO " not in line]
    assert code != 0
    assert len(errors) == 1, said
    assert errors[0].startswith("error: ")
    assert "TOPSECRETPW" not in said


def test_a_database_that_is_not_there_ends_without_a_traceback(tmp_path: Path) -> None:
    code, said = _serve(tmp_path, "--database-url", "postgresql://u:TOPSECRETPW@127.0.0.1:1/x")
    assert code != 0
    assert "modelward cannot start: " in said
    assert "Traceback" not in said
    assert "TOPSECRETPW" not in said


def test_the_number_of_workers_is_told_by_nothing_but_its_option(tmp_path: Path) -> None:
    env = {"WEB_CONCURRENCY": "2"}
    with gateway(SAMPLE_CONFIG, tmp_path, master_key=SAMPLE_MASTER_KEY, env=env, launch=program) as served:
        assert served.chat("gpt-4", key=SAMPLE_MASTER_KEY).status == 200


def test_a_head_without_end_is_cut_off(sample: Gateway) -> None:
    with socket.create_connection(("127.0.0.1", sample.port), timeout=10) as connection:
        connection.sendall(b"GET /v1/models HTTP/1.1\r\nhost: x\r\nx-long: ")
        with pytest.raises(OSError):
            for _ in range(1000):
                connection.sendall(b"a" * 65536)
    assert sample.ready()


def test_a_body_longer_than_a_head_may_be_is_read(sample: Gateway) -> None:
    assert sample.chat("gpt-4", key=sample.master_key, note="x" * 200_000).status == 200
