"""An OPA that is gone, hangs, lies or knows another catalogue: 503, nothing forwarded, well again with OPA (E4)."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.bundles import POLICIES
from harness.forked import fork
from harness.gateway import Gateway, serve_command
from harness.opa import Opa, opa_server
from harness.ports import free_port
from harness.process import eventually, running
from harness.upstream import Call, Reply, Upstream, upstream
from harness.wire import Answer
from service.conftest import MASTER_KEY, PROVIDER_ENV, Place, assert_unavailable


@pytest.fixture
def opa(place: Place) -> Iterator[Opa]:
    """An OPA with the catalogue of the config."""
    with opa_server([POLICIES, place.bundle()], place.folder) as started:
        yield started


@pytest.fixture
def served(place: Place, opa: Opa) -> Iterator[Gateway]:
    """A Modelward that asks that OPA."""
    with place.serve(opa_url=opa.url) as started:
        yield started


def test_an_opa_killed_under_load_gives_503_and_no_wrong_allow(place: Place, provider: Upstream) -> None:
    bundle = place.bundle()
    with opa_server([POLICIES, bundle], place.folder) as first:
        port = first.port
        with place.serve(opa_url=first.url) as served:
            key = served.new_key(models=["allowed"])
            with ThreadPoolExecutor(4) as pool:
                load = [pool.submit(_ask_for, 2.0, served, model, key) for model in ("allowed", "other") * 2]
                time.sleep(0.5)
                first.process.kill()
                time.sleep(0.5)
                with opa_server([POLICIES, bundle], place.folder, port=port):
                    allowed, refused = [*load[0].result(), *load[2].result()], [*load[1].result(), *load[3].result()]
                    assert eventually(lambda: served.chat("allowed", key=key).status == 200, 30)
    assert {answer.status for answer in allowed} == {200, 503}
    assert {answer.status for answer in refused} == {403, 503}
    for answer in [*allowed, *refused]:
        if answer.status == 503:
            assert_unavailable(answer)
    assert {call.json()["model"] for call in provider.calls} == {"allowed"}


def _ask_for(seconds: float, served: Gateway, model: str, key: str) -> list[Answer]:
    answers = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answers.append(served.chat(model, key=key))
    return answers


def test_an_opa_that_hangs_is_given_up_while_it_hangs(served: Gateway, opa: Opa, provider: Upstream) -> None:
    key = served.new_key(models=["allowed"])
    opa.process.freeze()
    answer = served.chat("allowed", key=key)
    opa.process.signal(signal.SIGCONT)
    assert_unavailable(answer)
    assert not provider.calls
    assert eventually(lambda: served.chat("allowed", key=key).status == 200, 30)


def test_another_catalogue_at_opa_is_not_asked(place: Place, provider: Upstream) -> None:
    with opa_server([POLICIES, place.bundle()], place.folder) as right:
        port = right.port
        with place.serve(opa_url=right.url) as served:
            key = served.new_key()
            assert served.chat("allowed", key=key).status == 200
            provider.calls.clear()
            elsewhere = Place(place.folder / "elsewhere", provider)
            elsewhere.folder.mkdir()
            elsewhere.write("allowed", "other", "third")
            right.process.kill()
            with opa_server([POLICIES, elsewhere.bundle()], elsewhere.folder, port=port):
                assert_unavailable(served.chat("other", key=key))
    assert not provider.calls


def _too_old(_: Call) -> Reply:
    return Reply(body=b'{"result": [{"version": "1.22.0"}]}')


def _gone(_: Call) -> Reply:
    raise ConnectionAbortedError


def test_an_opa_that_is_too_old_is_not_started_with(place: Place) -> None:
    with upstream() as old:
        old.script = _too_old
        command = serve_command(place.config, 0, database_url="sqlite:///never.db", opa_url=old.base(""))
        with running(command, place.folder / "modelward.log", PROVIDER_ENV, fork) as process:
            assert process.wait(60) != 0
    assert "the OPA server's version `1.22.0` may lose denials; run 1.22.1 or later" in process.output


def test_an_opa_that_is_too_old_and_comes_later_is_never_ready_and_never_asked(place: Place) -> None:
    port = free_port()
    with upstream() as old:
        old.script = _gone
        command = serve_command(
            place.config, port, database_url=f"sqlite:///{place.folder / 'modelward.db'}", opa_url=old.base("")
        )
        with running(command, place.folder / "modelward.log", PROVIDER_ENV, fork) as process:
            served = Gateway(port, process, MASTER_KEY)
            assert eventually(lambda: "ready on" in process.output, 60)
            old.script = _too_old
            assert served.readiness().json()["engine"] == "unavailable"
            assert_unavailable(served.chat("allowed", key=MASTER_KEY))
        assert {call.path for call in old.calls} == {"/v1/query"}
    assert not place.provider.calls
