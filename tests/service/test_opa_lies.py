"""Whatever an OPA server answers instead of a decision is never a yes (E4)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from harness.bundles import POLICIES
from harness.gateway import Gateway
from harness.opa import opa_server
from harness.upstream import Call, Reply, Script, Upstream, upstream
from harness.wire import Answer, exchange
from service.conftest import Place, assert_unavailable


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
        """The answer to an allowed call while OPA says that, but tells its version; the truth is back afterwards."""
        self.provider.calls.clear()
        self.fake.script = lambda call: self.truth(call) if call.path.startswith("/v1/query") else script(call)
        try:
            return self.served.chat("allowed", key=self.key)
        finally:
            self.fake.script = self.truth


@pytest.fixture(scope="module")
def deceived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deceived]:
    """One Modelward for all lies; what stands in for OPA passes the truth on until told otherwise."""
    with upstream() as provider, upstream() as fake:
        place = Place(tmp_path_factory.mktemp("deceived"), provider)
        place.write("allowed", "other", decision_memo=False)
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
    def trickle(call: Call) -> Reply:
        return Reply(chunks=((b" ",) * 20 + (deceived.truth(call).body,)), pause=0.2)

    assert_unavailable(deceived.told(trickle))
    assert not deceived.provider.calls
