"""Each decision about a socket is made for its caller as it is then; what cannot be asked is a no."""

import asyncio
from dataclasses import replace
from random import Random

import pytest
from starlette.types import Message, Scope

from gateway.configs import PLAIN, Compile
from gateway.gates import NOW_NS, GateSetup, gate_setup
from gateway.objects.kept import Kept
from identity.asking import by_keys_alone
from modelward.contract import Caller, Decision, Deployment, Input
from modelward.errors import DecisionUnavailable
from modelward.gateway.decision_log import LogEntry
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.exchange import Exchange, Lookups
from modelward.gateway.judge import Judge
from modelward.gateway.objects import Objects
from modelward.gateway.routes import SOCKET, Router
from modelward.gateway.sockets.client import Ended
from modelward.gateway.sockets.judging import Connection, SocketJudge
from modelward.gateway.sockets.sessions import Opener
from modelward.gateway.upstream.balance import Balancer
from modelward.gateway.upstream.client import Upstream, UpstreamSocket
from modelward.identity import credential

PATH = "/v1/realtime"


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _opened(staged: GateSetup, clock: Clock) -> Exchange:
    """The handshake of `sk-any`."""
    keys = by_keys_alone(lambda: staged.snapshots.current.master_key, staged.people.lookup)

    async def identify(scope: Scope) -> Caller:
        return await keys.identify(credential(scope["headers"], b"", False), [])

    async def receive() -> Message:
        raise AssertionError("nothing is read here")

    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent here")

    headers = [(b"authorization", b"Bearer sk-any")]
    scope = {"type": "websocket", "method": SOCKET, "query_string": b"model=gpt-4", "headers": headers}
    lookups = Lookups(identify, staged.people.find_customer, lambda: NOW_NS, clock)
    exchange = Exchange(lookups, scope, receive, send, PATH, staged.snapshots.current)
    match = Router(ROUTES).find(SOCKET, PATH)
    assert match is not None
    exchange.match = match
    return exchange


async def _open(staged: GateSetup, clock: Clock) -> SocketJudge:
    """The judge of a socket that was just opened for `gpt-4`."""
    exchange = _opened(staged, clock)
    await exchange.identify()
    judge = Judge(staged.snapshots, staged.metrics)
    opened = SocketJudge(judge, Objects(Kept(), judge), staged.log, exchange)
    await opened.open()
    return opened


def _silent_after(staged: GateSetup, answers: int) -> None:
    """From the next snapshot on, the engine answers so often, then no more."""
    decide, left = staged.snapshots.current.decide, iter(range(answers))

    async def limited(asked: Input) -> Decision:
        if next(left, None) is None:
            raise DecisionUnavailable("the engine is gone")
        return await decide(asked)

    staged.snapshots.current = replace(staged.snapshots.current, decide=limited)


async def test_within_a_second_nobody_is_asked_again(plain: GateSetup) -> None:
    _silent_after(plain, 1)
    clock = Clock()
    judge = await _open(plain, clock)
    first = judge.verdict
    clock.now = 0.99
    await judge.renew()
    assert judge.verdict is first


async def test_without_an_engine_a_socket_ends(plain: GateSetup) -> None:
    _silent_after(plain, 1)
    clock = Clock()
    judge = await _open(plain, clock)
    clock.now = 1.0
    with pytest.raises(Ended) as ended:
        await judge.renew()
    assert (ended.value.code, ended.value.reason) == (1008, "decision_unavailable")
    (line,) = await plain.lines()
    assert (line["allow"], line["status"]) == (False, 503)


async def test_a_yes_that_took_longer_than_it_counts_ends_a_socket(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    decide = plain.snapshots.current.decide

    async def slow(asked: Input) -> Decision:
        clock.now += 1.0
        return await decide(asked)

    plain.snapshots.current = replace(plain.snapshots.current, decide=slow)
    clock.now = 1.0
    with pytest.raises(Ended) as ended:
        await judge.renew()
    assert ended.value.reason == "overloaded"
    (line,) = await plain.lines()
    assert (line["allow"], line["status"]) == (False, 503)


async def test_a_renewal_sees_the_caller_as_it_is_now(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    plain.people.callers.clear()
    clock.now = 1.0
    with pytest.raises(Ended) as ended:
        await judge.renew()
    assert ended.value.reason == "token_not_found_in_db"


async def test_a_renewal_that_changes_nothing_has_no_line(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    clock.now = 1.0
    await judge.renew()
    assert await plain.lines() == []


async def test_a_refused_question_is_not_asked_again_in_place_of_the_old_one(plain: GateSetup) -> None:
    judge = await _open(plain, Clock())
    with pytest.raises(Ended):
        await judge.demand(replace(judge.request, models=["ghost"]), None)
    assert judge.request.models == ["gpt-4"]


async def test_a_config_that_comes_into_force_meanwhile_decides(compile_config: Compile) -> None:
    staged = gate_setup(compile_config(PLAIN))
    judge = await _open(staged, Clock())
    newer, decide = replace(compile_config(PLAIN)), staged.snapshots.current.decide
    switched = list[bool]()

    async def switching(asked: Input) -> Decision:
        if not switched:
            switched.append(True)
            staged.snapshots.offer(newer)
        return await decide(asked)

    staged.snapshots.current = replace(staged.snapshots.current, decide=switching, close=lambda: None)
    await judge.demand(judge.request, None)
    assert switched
    assert judge.verdict.snapshot is newer


async def test_a_look_at_a_caller_that_is_as_before_asks_nobody(plain: GateSetup) -> None:
    _silent_after(plain, 1)
    clock = Clock()
    judge = await _open(plain, clock)
    first = judge.verdict
    clock.now = 9.9
    await judge.look()
    assert judge.verdict is first


async def test_a_look_ends_a_socket_whose_caller_is_gone(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    plain.people.callers.clear()
    clock.now = 1.0
    with pytest.raises(Ended) as ended:
        await judge.look()
    assert ended.value.reason == "token_not_found_in_db"


async def test_after_ten_seconds_a_look_asks_in_any_case(plain: GateSetup) -> None:
    _silent_after(plain, 1)
    clock = Clock()
    judge = await _open(plain, clock)
    clock.now = 10.0
    with pytest.raises(Ended):
        await judge.look()


def _opening(judge: SocketJudge) -> tuple[Deployment, str, str]:
    """The deployment that a socket for `gpt-4` is opened to, and what it calls the model."""
    (deployment,) = judge.verdict.deployments("gpt-4")
    return deployment, "gpt-4", deployment.model


async def test_a_socket_may_be_opened_within_a_second(plain: GateSetup) -> None:
    _silent_after(plain, 1)
    clock = Clock()
    judge = await _open(plain, clock)
    clock.now = 0.99
    await judge.hold(*_opening(judge))


async def test_a_socket_may_be_opened_later_where_the_yes_is_the_same(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    clock.now = 5.0
    await judge.hold(*_opening(judge))


async def test_a_socket_is_not_opened_for_a_caller_that_is_gone_by_then(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    plain.people.callers.clear()
    clock.now = 5.0
    with pytest.raises(Ended) as ended:
        await judge.hold(*_opening(judge))
    assert ended.value.reason == "token_not_found_in_db"


async def test_a_socket_is_not_opened_where_the_model_is_served_elsewhere_by_then(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    deployment, asked, model = _opening(judge)
    clock.now = 5.0
    for elsewhere in ((deployment, asked, "another"), (replace(deployment, api_key="another"), asked, model)):
        with pytest.raises(Ended) as ended:
            await judge.hold(*elsewhere)
        assert ended.value.reason == "upstream_moved"
    assert [line["status"] for line in await plain.lines()] == [503, 503]


class _Unused(UpstreamSocket):
    """A socket to an upstream that nothing passes through."""

    def __init__(self) -> None:
        """There is nothing to open."""


async def test_a_yes_to_another_upstream_name_is_a_yes_for_nothing_that_waits_on_the_socket(plain: GateSetup) -> None:
    clock = Clock()
    judge = await _open(plain, clock)
    deployment, asked, model = _opening(judge)
    judge.connection = Connection(_Unused(), deployment, asked, {asked: f"{model}-before"})
    clock.now = 1.0
    ends = await asyncio.gather(judge.renew(), judge.renew(), judge.renew(), return_exceptions=True)
    assert [end.reason for end in ends if isinstance(end, Ended)] == ["upstream_moved"] * 3


class _Unheld(Upstream):
    """Opens sockets, whatever is allowed by then."""

    async def open(self, *_: object, **__: object) -> UpstreamSocket:
        """One that nothing passes through."""
        return _Unused()


async def test_a_socket_that_was_opened_under_an_older_yes_ends_though_the_newer_one_is_fresh(plain: GateSetup) -> None:
    judge = await _open(plain, Clock())
    opener = Opener(_Unheld(), Balancer(Random(7), Clock()))
    before = [replace(each, model="openai/before") for each in judge.verdict.deployments("gpt-4")]
    with pytest.raises(Ended) as ended:
        await opener.open(judge, before, LogEntry("id", "", "", ""))
    assert ended.value.reason == "upstream_moved"
