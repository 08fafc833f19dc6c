"""A call that waits for its upstream is sent only if it is allowed by then (A5)."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.bundles import POLICIES
from harness.gateway import Gateway
from harness.opa import opa_server
from harness.upstream import Upstream, upstream
from harness.wire import Answer
from service.conftest import MASTER_KEY, Place

LONGER_THAN_A_DECISION_COUNTS = 1.2

Change = Callable[[Gateway, str], object]

CHANGES: dict[str, tuple[Change, int]] = {
    "a deleted key": (lambda served, key: served.manage("/key/delete", {"keys": [key]}), 401),
    "a blocked key": (lambda served, key: served.manage("/key/block", {"key": key}), 401),
    "a narrower key": (lambda served, key: served.manage("/key/update", {"key": key, "models": ["x"]}), 403),
    "a narrower team": (lambda served, _: served.manage("/team/update", {"team_id": "red", "models": ["x"]}), 403),
    "nothing": (lambda served, key: served.ready(), 200),
}


class Listener:
    """An upstream by hand; `received` is all that it was sent."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.base = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        self.received: list[bytes] = []
        self.reached = threading.Event()
        self.released = threading.Event()

    def accept(self) -> None:
        """Take all connections from now on; each is closed without an answer once `released` is set."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):  # it is closed in the end
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._read, args=(connection,), daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if part := connection.recv(65536):
                self.received.append(part)
                self.reached.set()
                self.released.wait(30)


@contextmanager
def stalling() -> Iterator[Listener]:
    """An upstream that takes requests, and does not answer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Listener(listener)
        made.accept()
        yield made


@contextmanager
def unaccepting() -> Iterator[Listener]:
    """An upstream whose queue is full until it accepts."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as stack:
        with suppress(TimeoutError):
            while True:
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0.3)
                waiting.connect(listener.getsockname())
        yield Listener(listener)


@dataclass(frozen=True)
class WaitingSetup:
    """A Modelward. Each model of CHANGES, in a team of its own, is served by `stalls`, and then by `provider`; `late`
    by `closed` alone."""

    served: Gateway
    stalls: Listener
    closed: Listener
    provider: Upstream
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))


@pytest.fixture(params=["embedded", "opa"], scope="module")
def gate_setup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaitingSetup]:
    """The gate_setup, on each engine."""
    folder = tmp_path_factory.mktemp("waiting")
    with ExitStack() as stack:
        provider = stack.enter_context(upstream())
        stalls, closed = stack.enter_context(stalling()), stack.enter_context(unaccepting())
        place = Place(folder, provider)
        rows = [
            _row(name, base, weight)
            for name in CHANGES
            for base, weight in ((stalls.base, 1e9), (provider.base("/v1"), 1e-9))
        ]
        models = [*rows, _row("late", closed.base, 1.0)]
        place.config.write_text(yaml.safe_dump({"model_list": models, "general_settings": {"master_key": MASTER_KEY}}))
        url = (
            stack.enter_context(opa_server([POLICIES, place.bundle()], folder)).url if request.param == "opa" else None
        )
        yield WaitingSetup(stack.enter_context(place.serve(opa_url=url)), stalls, closed, provider)


def _row(name: str, base: str, weight: float) -> dict[str, Any]:
    params = {"model": f"openai/up-{name}", "api_base": base, "api_key": "os.environ/PROVIDER_KEY", "weight": weight}
    return {"model_name": name, "litellm_params": params}


@pytest.fixture
def key(gate_setup: WaitingSetup) -> Iterator[str]:
    """A key of the team `red`."""
    gate_setup.served.manage("/team/new", {"team_id": "red"})
    yield gate_setup.served.new_key(team_id="red")
    gate_setup.served.manage("/team/delete", {"team_ids": ["red"]})


@pytest.mark.parametrize("what", list(CHANGES))
def test_the_next_deployment_is_asked_only_for_what_is_allowed_by_then(
    gate_setup: WaitingSetup, key: str, what: str
) -> None:
    change, status = CHANGES[what]
    gate_setup.stalls.reached.clear()
    gate_setup.stalls.released.clear()
    gate_setup.provider.calls.clear()
    answer = gate_setup.threads.submit(gate_setup.served.chat, what, key=key)
    assert gate_setup.stalls.reached.wait(10)
    change(gate_setup.served, key)
    time.sleep(LONGER_THAN_A_DECISION_COUNTS)
    gate_setup.stalls.released.set()
    assert answer.result(20).status == status
    assert len(gate_setup.provider.calls) == (status == 200)


def test_an_upstream_that_accepts_late_gets_nothing_of_a_key_that_was_deleted_meanwhile(
    key: str, gate_setup: WaitingSetup
) -> None:
    call = gate_setup.threads.submit(gate_setup.served.chat, "late", key=key)
    opening = gate_setup.threads.submit(_socket_error, gate_setup.served, key)
    assert _is_waiting(gate_setup, key)
    gate_setup.served.manage("/key/delete", {"keys": [key]})
    time.sleep(LONGER_THAN_A_DECISION_COUNTS)
    assert not (call.done() or opening.done())
    gate_setup.closed.accept()
    answer: Answer = call.result(20)
    assert (answer.status, answer.error_type) == (401, "token_not_found_in_db")
    assert opening.result(20)["type"] == "token_not_found_in_db"
    assert not gate_setup.closed.received


def _is_waiting(gate_setup: WaitingSetup, key: str) -> bool:
    """The calls are under way: so is one that was made after them."""
    return all(gate_setup.served.call("GET", "/v1/models", key=key).status == 200 for _ in range(5))


def _socket_error(served: Gateway, key: str) -> Any:
    url = f"ws://127.0.0.1:{served.port}/v1/realtime?model=late"
    with connect(url, additional_headers={"Authorization": f"Bearer {key}"}, open_timeout=20) as opened:
        last = None
        with suppress(ConnectionClosed):
            while True:
                last = json.loads(opened.recv(20))
        assert last is not None
        return last["error"]
