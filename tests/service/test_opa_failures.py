"""An OPA that is gone, hangs, lies or knows another catalogue: 503, nothing forwarded, well again with OPA (E4)."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.bundles import POLICIES
from harness.gateway import Gateway
from harness.opa import Opa, opa_server
from harness.process import eventually
from harness.upstream import Upstream
from harness.wire import Answer
from service.conftest import Place, assert_unavailable


@pytest.fixture
def opa(place: Place) -> Iterator[Opa]:
    """An OPA with the catalogue of the config."""
    with opa_server([POLICIES, place.bundle()], place.folder) as running:
        yield running


@pytest.fixture
def served(place: Place, opa: Opa) -> Iterator[Gateway]:
    """A Modelward that asks that OPA."""
    with place.serve(opa_url=opa.url) as running:
        yield running


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
                    assert eventually(lambda: served.chat("allowed", key=key).status == 200, 5)
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
    assert eventually(lambda: served.chat("allowed", key=key).status == 200, 5)


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
                assert_unavailable(served.chat("allowed", key=key))
    assert not provider.calls
