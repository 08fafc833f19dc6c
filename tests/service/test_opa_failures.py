"""An OPA that is gone, hangs, lies or knows another catalogue: 503, nothing forwarded, well again with OPA (E4)."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from harness.bundles import POLICIES
from harness.gateway import Gateway
from harness.opa import Opa, opa_server
from harness.process import eventually
from harness.upstream import Call, Reply, Script, Upstream, upstream
from harness.wire import Answer, exchange
from service.conftest import Place


def assert_unavailable(answer: Answer) -> None:
    """E4's answer."""
    assert answer.status == 503, answer.text
    assert answer.headers["x-should-retry"] == "false"


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


def test_a_hung_opa_is_given_up_in_half_a_second(served: Gateway, opa: Opa, provider: Upstream) -> None:
    key = served.new_key(models=["allowed"])
    opa.process.signal(signal.SIGSTOP)
    began = time.monotonic()
    answer = served.chat("allowed", key=key)
    took = time.monotonic() - began
    opa.process.signal(signal.SIGCONT)
    assert_unavailable(answer)
    assert took < 1.0
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


def _body(body: bytes, status: int = 200, content_type: str = "application/json") -> Callable[[Script], Script]:
    return lambda _: lambda __: Reply(status, body, content_type)


def _edited(edit: Callable[[dict[str, object]], object]) -> Callable[[Script], Script]:
    """The truth with something changed."""

    def lie(truth: Script) -> Script:
        def script(call: Call) -> Reply:
            decision = json.loads(truth(call).body)["result"]
            return Reply(body=json.dumps({"result": edit(decision)}).encode())

        return script

    return lie


LIES: dict[str, Callable[[Script], Script]] = {
    "an undefined decision": _body(b"{}"),
    "null": _body(b'{"result": null}'),
    "a bare true": _body(b'{"result": true}'),
    "a list": _body(b"[]"),
    "allow and nothing else": _body(b'{"result": {"allow": true}}'),
    "an error": _body(b'{"code": "internal_error", "message": "eval_builtin_error"}', 500),
    "a refusal to talk": _body(b'{"code": "unauthorized"}', 401),
    "a redirect": _body(b"", 307),
    "a web page": _body(b"<html><body>welcome</body></html>", content_type="text/html"),
    "nothing": _body(b""),
    "half an answer": _body(b'{"result": {"allow": true, "reas'),
    "a huge answer": _body(b'{"result": "' + b"x" * 30_000_000 + b'"}'),
    "one field more": _edited(lambda decision: {**decision, "extra": 1}),
    "one field less": _edited(lambda decision: {name: value for name, value in decision.items() if name != "reasons"}),
    "a text for allow": _edited(lambda decision: {**decision, "allow": "true"}),
    "a number for allow": _edited(lambda decision: {**decision, "allow": 1}),
    "another revision": _edited(lambda decision: {**decision, "revision": "sha256:" + "0" * 64}),
    "allow without a target": _edited(lambda decision: {**decision, "allow": True, "targets": {}}),
    "allow beside a reason": _edited(
        lambda decision: {**decision, "allow": True, "reasons": [{"rule": "key_active", "message": "blocked"}]}
    ),
    "no without a reason": _edited(lambda decision: {**decision, "allow": False, "reasons": []}),
    "a deployment that is not there": _edited(
        lambda decision: {**decision, "targets": {"allowed": {"entry": "allowed", "deployments": ["elsewhere"]}}}
    ),
}


@dataclass
class Deceived:
    """A Modelward whose OPA can be made to lie."""

    served: Gateway
    provider: Upstream
    fake: Upstream
    truth: Script
    key: str

    def told(self, script: Script) -> Answer:
        """The answer to an allowed call while OPA says that; the truth is back afterwards."""
        self.provider.calls.clear()
        self.fake.script = script
        try:
            return self.served.chat("allowed", key=self.key)
        finally:
            self.fake.script = self.truth


@pytest.fixture(scope="module")
def deceived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deceived]:
    """One Modelward for all lies; what stands in for OPA passes the truth on until told otherwise."""
    with upstream() as provider, upstream() as fake:
        place = Place(tmp_path_factory.mktemp("deceived"), provider)
        place.write("allowed", "other")
        with opa_server([POLICIES, place.bundle()], place.folder) as opa:

            def truth(call: Call) -> Reply:
                answer = exchange(opa.port, call.method, call.path, body=call.body)
                return Reply(answer.status, answer.body)

            fake.script = truth
            with place.serve(opa_url=fake.base("")) as running:
                yield Deceived(running, provider, fake, truth, running.new_key(models=["allowed"]))


def test_the_stand_in_for_opa_tells_the_truth_first(deceived: Deceived) -> None:
    assert deceived.told(deceived.truth).status == 200


@pytest.mark.parametrize("lie", list(LIES))
def test_an_answer_that_is_no_decision_is_never_a_yes(deceived: Deceived, lie: str) -> None:
    assert_unavailable(deceived.told(LIES[lie](deceived.truth)))
    assert not deceived.provider.calls


def test_a_cut_connection_is_never_a_yes(deceived: Deceived) -> None:
    def cut(_: Call) -> Reply:
        raise ConnectionAbortedError

    assert_unavailable(deceived.told(cut))
    assert not deceived.provider.calls


def test_an_opa_that_trickles_is_given_up(deceived: Deceived) -> None:
    began = time.monotonic()
    assert_unavailable(deceived.told(lambda _: Reply(chunks=(b" ",) * 20, pause=0.2)))
    assert time.monotonic() - began < 1.5
