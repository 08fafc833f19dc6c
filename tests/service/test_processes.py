"""The processes of docker-compose.yml, and two replicas on one database."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path

import pytest
import yaml

from harness.bundles import POLICIES, REPOSITORY, SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.opa import opa_server
from harness.postgres import Postgres
from harness.process import eventually
from harness.upstream import Upstream, upstream
from harness.wire import head
from service.conftest import Place

Replicas = tuple[Gateway, Gateway]


def command_of(service: str, volume: Path) -> list[str]:
    """The command of a service, with this folder as its volume `bundle`."""
    services = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"]
    (place,) = (each.split(":")[1] for each in services[service]["volumes"] if each.startswith("bundle:"))
    words = (word.replace(f"{place}/", f"{volume}/") for word in services[service]["command"])
    return [word.replace("/app/", f"{REPOSITORY}/") for word in words]


def test_opa_postgres_and_modelward_serve_a_key_together(database_server: Postgres, tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    subprocess.run([sys.executable, "-m", "modelward", *command_of("bundle", volume)], check=True)
    archive = Path(command_of("opa", volume)[-1])
    with (
        opa_server([POLICIES, archive], tmp_path) as opa,
        gateway(
            SAMPLE_CONFIG,
            tmp_path,
            master_key=SAMPLE_MASTER_KEY,
            opa_url=opa.url,
            database_url=database_server.new_database(),
        ) as served,
    ):
        key = served.new_key(models=["gpt-4"])
        assert served.chat("gpt-4", key=key).status == 200
        assert served.chat("gpt-4o", key=key).status == 403
        served.manage("/key/delete", {"keys": [key]})
        assert served.chat("gpt-4", key=key).status == 401


@pytest.fixture(scope="module")
def both_provider() -> Iterator[Upstream]:
    """The provider of both replicas."""
    with upstream() as running:
        yield running


@pytest.fixture(scope="module")
def replicas(
    both_provider: Upstream, database_server: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replicas]:
    """Two Modelwards that started at the same time on one empty database."""
    place, url = Place(tmp_path_factory.mktemp("replicas"), both_provider), database_server.new_database()
    place.write("allowed", "other")
    with ExitStack() as stack:
        folders = [place.folder / name for name in ("one", "two")]
        for folder in folders:
            folder.mkdir()
        one, two = (stack.enter_context(place.serve(folder=folder, database_url=url)) for folder in folders)
        yield one, two


def test_a_key_made_on_one_replica_works_on_the_other(replicas: Replicas) -> None:
    one, two = replicas
    key = one.new_key(models=["allowed"])
    assert eventually(lambda: two.chat("allowed", key=key).status == 200, 30)


def test_a_key_blocked_on_one_replica_is_refused_on_the_other(replicas: Replicas) -> None:
    one, two = replicas
    key = one.new_key(models=["allowed"])
    assert eventually(lambda: two.chat("allowed", key=key).status == 200, 30)
    one.manage("/key/block", {"key": key})
    assert one.chat("allowed", key=key).status == 401
    assert eventually(lambda: two.chat("allowed", key=key).status == 401, 30)


def test_a_team_narrowed_on_one_replica_binds_on_the_other(replicas: Replicas) -> None:
    one, two = replicas
    one.manage("/team/new", {"team_id": "red", "models": ["allowed", "other"]})
    key = one.new_key(team_id="red")
    assert eventually(lambda: two.chat("other", key=key).status == 200, 30)
    one.manage("/team/update", {"team_id": "red", "models": ["allowed"]})
    assert eventually(lambda: two.chat("other", key=key).status == 403, 30)


def test_a_call_that_stood_still_with_its_process_is_asked_about_anew(
    replicas: Replicas, both_provider: Upstream
) -> None:
    one, two = replicas
    key = one.new_key(models=["allowed"])
    assert eventually(lambda: two.chat("allowed", key=key).status == 200, 30)
    before = len(both_provider.calls)
    body = json.dumps({"model": "allowed", "messages": [{"role": "user", "content": "hello"}]}).encode()
    headers = {"Host": "test", "Authorization": f"Bearer {key}", "Content-Length": str(len(body))}
    with socket.create_connection(("127.0.0.1", two.port), timeout=30) as connection:
        connection.sendall(head("POST", "/v1/chat/completions", headers) + body[:-1])
        assert two.call("GET", "/health/liveness").status == 200
        two.process.freeze()
        one.manage("/key/delete", {"keys": [key]})
        connection.sendall(body[-1:])
        time.sleep(1)  # after which a change made elsewhere binds
        two.process.signal(signal.SIGCONT)
        with HTTPResponse(connection) as response:
            response.begin()
            assert response.status == 401
    assert len(both_provider.calls) == before


def test_time_goes_on_while_the_machine_sleeps() -> None:
    program = "import time; from modelward.compose import seconds; print(seconds() - time.monotonic())"
    # In this namespace clocks differ as on a machine that slept.
    command = ["unshare", "--time", "--boottime", "1000", sys.executable, "-c", program]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no time namespace can be made here")
    assert float(done.stdout) > 900
