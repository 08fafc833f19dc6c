"""No failure to ask becomes a yes: 503, nothing forwarded (E4)."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.configs import MASTER_KEY, PLAIN, Compile, config, served
from gateway.gates import CHAT, Forgetful, GateSetup, gate_setup
from harness.wire import Answer
from modelward.contract import Decide, Decision, Input, Listing, Operation
from modelward.engine import answer
from modelward.errors import DecisionUnavailable, Overloaded
from modelward.gateway.judge import Judge
from modelward.snapshot import Snapshot


def assert_unavailable(said: Answer, gated: GateSetup) -> None:
    """E4's answer, and nothing done."""
    assert (said.status, said.error_type) == (503, "decision_unavailable")
    assert said.headers["x-should-retry"] == "false"
    assert not gated.forwarder.calls
    assert not gated.admin.scopes


async def fail(_: Input) -> Any:
    """An engine that is down."""
    raise DecisionUnavailable("the OPA server at secret.host did not answer")


def truth(snapshot: Snapshot) -> dict[str, Any]:
    """A yes to `gpt-4`, as an engine says it."""
    target = {"entry": "gpt-4", "model": "gpt-4", "deployments": ["id-gpt-4"]}
    subject = {"team_id": None, "user_id": None, "role": None, "owner": None}
    shows = {"everything": False, "key_hash": None, "user_id": None}
    told = {"targets": {"gpt-4": target}, "subject": subject, "shows": shows, "revision": snapshot.revision}
    return {"allow": True, "reasons": [], "grants": {}, "places": [], **told}


def saying(result: object) -> Decide:
    """An engine with this result, parsed as every engine's is."""

    async def decide(asked: Input) -> Decision:
        return answer.parsed(Decision, result, asked.request)

    return decide


LIES: dict[str, dict[str, Any]] = {
    "a target of another model": {"targets": {"gpt-4o": {"entry": "a", "model": "a", "deployments": ["id-gpt-4o"]}}},
    "no target": {"targets": {}},
    "no deployment": {"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": []}}},
    "an unknown deployment": {"targets": {"gpt-4": {"entry": "gpt-4", "model": "gpt-4", "deployments": ["elsewhere"]}}},
    "an unknown revision": {"revision": "sha256:" + "0" * 64},
    "no revision": {"revision": ""},
    "a reason beside a yes": {"reasons": [{"rule": "key_active", "message": "blocked"}]},
    "a no without a reason": {"allow": False},
    "a text for a yes": {"allow": "true"},
    "a number for a yes": {"allow": 1},
    "a field more": {"extra": 1},
}


@pytest.mark.parametrize("lie", list(LIES))
async def test_an_answer_that_is_no_decision_is_no_yes(compile_config: Compile, lie: str) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(snapshot, decide=saying(truth(snapshot) | LIES[lie]))
    assert_unavailable(await gated.chat("gpt-4"), gated)


@pytest.mark.parametrize("result", [None, True, [], "allow", {}, {"allow": True}])
async def test_a_result_of_another_shape_is_no_yes(compile_config: Compile, result: object) -> None:
    gated = gate_setup(compile_config(PLAIN), decide=saying(result))
    assert_unavailable(await gated.chat("gpt-4"), gated)


async def test_the_truth_is_a_yes(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)
    assert (await gate_setup(snapshot, decide=saying(truth(snapshot))).chat("gpt-4")).status == 200


@pytest.mark.parametrize("raw", [b"", b"no json", b"{}", b'{"model": "gpt-4", "api_base": "x"}', b'{"model": [1]}'])
async def test_a_yes_to_what_cannot_be_read_is_none(compile_config: Compile, raw: bytes) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(snapshot, decide=saying(truth(snapshot)))
    assert_unavailable(await gated.call("POST", CHAT, key="sk-any", raw=raw), gated)


async def test_a_yes_to_one_of_two_models_is_none(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(snapshot, decide=saying(truth(snapshot)))
    assert_unavailable(await gated.chat("gpt-4", fallbacks=["gpt-4o"]), gated)


async def test_a_gate_trusts_no_engine_with_a_target_that_is_missing(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)

    async def decide(_: Input) -> Decision:
        return Decision.model_validate(truth(snapshot) | {"targets": {}})

    gated = gate_setup(snapshot, decide=decide)
    assert_unavailable(await gated.chat("gpt-4"), gated)


REQUESTS = [
    *(("POST", CHAT), ("POST", "/v1/embeddings"), ("GET", "/v1/models"), ("GET", "/v1/models/gpt-4")),
    *(("GET", "/model/info"), ("GET", "/model_group/info"), ("GET", "/key/info"), ("POST", "/key/generate")),
    *(("GET", "/metrics"), ("DELETE", "/team/x")),
]


@pytest.mark.parametrize(("method", "target"), REQUESTS)
@pytest.mark.parametrize("key", ["sk-any", MASTER_KEY])
async def test_no_route_is_served_while_the_engine_is_down(
    compile_config: Compile, method: str, target: str, key: str
) -> None:
    gated = gate_setup(compile_config(PLAIN), decide=fail, listings=fail)
    assert_unavailable(await gated.call(method, target, key=key, content={"model": "gpt-4"}), gated)


async def test_a_listing_of_another_catalogue_is_unavailable(compile_config: Compile) -> None:
    async def listings(_: Input) -> Listing:
        return Listing(models=["gpt-4"], groups=[], revision="sha256:other")

    gated = gate_setup(compile_config(PLAIN), listings=listings)
    assert_unavailable(await gated.call("GET", "/v1/models", key="sk-any"), gated)


async def test_the_answer_does_not_say_what_is_wrong_and_the_log_does(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), decide=fail)
    said = await gated.chat("gpt-4")
    (line,) = await gated.lines()
    assert "secret.host" not in said.text
    assert "secret.host" in line["error"]


async def test_a_request_without_a_decision_is_counted(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(snapshot, decide=saying(truth(snapshot) | {"revision": "other"}))
    await gated.chat("gpt-4")
    assert b"modelward_decisions_unavailable_total 1.0" in gated.metrics.text()


async def test_a_request_overtaken_by_another_config_is_judged_again_by_that_one_alone(compile_config: Compile) -> None:
    before, after = compile_config(PLAIN), compile_config(config(served("only-new")))
    gated = gate_setup(before)

    async def overtaken(asked: Input) -> Decision:
        decision = await before.decide(asked)
        gated.snapshots.offer(replace(after, close=lambda: None))
        return decision

    gated.snapshots.current = replace(before, decide=overtaken, close=lambda: None)
    answer = await gated.chat("gpt-4")
    assert (answer.status, answer.json()["error"]["code"]) == (400, "model_not_found")
    assert not gated.forwarder.calls
    (line,) = await gated.lines()
    assert line["revision"] == after.revision


async def shed(_: Input) -> Any:
    """An engine that answers, but not everybody at once."""
    raise Overloaded("too many questions wait for the OPA server")


@pytest.mark.parametrize("path", [CHAT, "/v1/messages", "/v1beta/models/gpt-4:generateContent"])
async def test_a_request_that_is_shed_may_come_again_soon(compile_config: Compile, path: str) -> None:
    gated = gate_setup(compile_config(PLAIN), decide=shed)
    said = await gated.call("POST", path, key="sk-any", content={"model": "gpt-4", "max_tokens": 1, "messages": []})
    assert (said.status, said.error_type) == (503, "overloaded")
    assert (said.headers["x-should-retry"], said.headers["retry-after"]) == ("true", "1")
    assert not gated.forwarder.calls
    (line,) = await gated.lines()
    assert (line["allow"], line["status"]) == (False, 503)


def full(operation: Operation) -> None:
    """An engine whose turns are all taken by calls."""
    if operation != "manage":
        raise Overloaded("too many questions wait for the OPA server")


async def test_at_a_full_engine_nobody_is_looked_up(compile_config: Compile) -> None:
    gated = gate_setup(replace(compile_config(PLAIN), admit=full), people=Forgetful())
    said = await gated.chat("gpt-4")
    assert (said.status, said.error_type, said.headers["retry-after"]) == (503, "overloaded", "1")
    assert (await gated.call("GET", "/health/liveness")).status == 200


async def test_at_an_engine_full_of_calls_a_key_is_revoked(compile_config: Compile) -> None:
    gated = gate_setup(replace(compile_config(PLAIN), admit=full))
    assert (await gated.chat("gpt-4")).status == 503
    assert (await gated.call("POST", "/key/delete", key=MASTER_KEY, content={"keys": ["sk-any"]})).status == 201


async def test_a_list_that_is_shed_may_come_again_soon(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), listings=shed)
    said = await gated.call("GET", "/v1/models", key="sk-any")
    assert (said.status, said.headers["x-should-retry"]) == (503, "true")


async def test_a_shed_request_is_counted_apart(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), decide=shed)
    await gated.chat("gpt-4")
    assert b"modelward_decisions_shed_total 1.0" in gated.metrics.text()
    assert b"modelward_decisions_unavailable_total 0.0" in gated.metrics.text()


async def test_an_engine_that_sheds_is_there(compile_config: Compile) -> None:
    snapshot = compile_config(PLAIN)
    gated = gate_setup(snapshot, decide=shed)
    await Judge(gated.snapshots, gated.metrics).probe()
    gated = gate_setup(snapshot, decide=fail)
    with pytest.raises(DecisionUnavailable):
        await Judge(gated.snapshots, gated.metrics).probe()
