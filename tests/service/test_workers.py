"""`--workers 2` is one replica: what one worker revokes, all refuse once the call is answered (A5)."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.types import Message

from harness.bundles import SAMPLE_CONFIG
from harness.gateway import Gateway, gateway
from harness.postgres import Postgres
from harness.upstream import upstream
from modelward.compose import Service
from modelward.log_writer import LogWriter
from modelward.options import ServeOptions
from service.conftest import MASTER_KEY, PROVIDER_ENV, Place

_CALLS = 16

Revoke = Callable[[Gateway, str], object]

REVOKED: dict[str, tuple[Revoke, int]] = {
    "a deleted key": (lambda served, key: served.manage("/key/delete", {"keys": [key]}), 401),
    "a blocked key": (lambda served, key: served.manage("/key/block", {"key": key}), 401),
    "a narrower key": (lambda served, key: served.manage("/key/update", {"key": key, "models": ["other"]}), 403),
    "a new secret": (lambda served, key: served.manage("/key/regenerate", {"key": key}), 401),
    "a blocked team": (lambda served, _: served.manage("/team/block", {"team_id": "red"}), 401),
    "a narrower team": (lambda served, _: served.manage("/team/update", {"team_id": "red", "models": ["other"]}), 403),
    "a deleted team": (lambda served, _: served.manage("/team/delete", {"team_ids": ["red"]}), 401),
}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database_server: Postgres
) -> Iterator[Gateway]:
    """A Modelward with two workers."""
    folder = tmp_path_factory.mktemp("workers")
    url = database_server.new_database() if request.param == "postgresql" else None
    with upstream() as provider:
        place = Place(folder, provider)
        place.write("allowed", "other")
        with gateway(
            place.config, folder, master_key=MASTER_KEY, database_url=url, env=PROVIDER_ENV, workers=2
        ) as running:
            yield running


def _statuses(served: Gateway, key: str) -> set[int]:
    """What many fresh connections at once are answered; the workers share them out."""
    with ThreadPoolExecutor(8) as pool:
        return set(pool.map(lambda _: served.chat("allowed", key=key).status, range(_CALLS)))


@pytest.mark.parametrize("how", list(REVOKED))
def test_what_one_worker_revokes_all_refuse(served: Gateway, how: str) -> None:
    revoke, status = REVOKED[how]
    served.manage("/team/new", {"team_id": "red", "models": ["allowed", "other"]})
    try:
        key = served.new_key(team_id="red", models=["allowed", "other"])
        assert _statuses(served, key) == {200}
        revoke(served, key)
        assert _statuses(served, key) == {status}
    finally:
        served.call("POST", "/team/delete", key=MASTER_KEY, content={"team_ids": ["red"]})


async def test_a_worker_that_is_not_told_of_the_shared_memory_does_not_start(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'modelward.db'}"
    options = ServeOptions(SAMPLE_CONFIG, "127.0.0.1", 0, "embedded", "", database_url, workers=2)
    said = list[Message]()

    async def send(message: Message) -> None:
        said.append(message)

    await Service(options, {"PATH": os.environ["PATH"]}, LogWriter(bytes))({"type": "lifespan"}, _startup, send)
    assert [message["type"] for message in said] == ["lifespan.startup.failed"]
    assert "the memory that the workers share" in said[0]["message"]


async def _startup() -> Message:
    return {"type": "lifespan.startup"}
