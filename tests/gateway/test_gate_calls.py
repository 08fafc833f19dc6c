"""A call that every layer allows is forwarded as it was judged; any other is not (M1, M2, M6)."""

from itertools import count

import pytest

from gateway.configs import MASTER_KEY, PLAIN, Compile, config, served
from gateway.gates import CHAT, GateSetup, gate_setup, sent
from modelward.contract import Decision, Input


async def test_an_allowed_call_is_forwarded(plain: GateSetup) -> None:
    answer = await plain.chat("gpt-4")
    assert answer.status == 200
    (call,) = plain.forwarder.calls
    assert (call.upstream.path, call.asked, call.routed) == ("chat/completions", "gpt-4", "gpt-4")
    assert [deployment.id for deployment in call.deployments] == ["id-gpt-4"]


async def test_the_master_key_may_call_every_model(plain: GateSetup) -> None:
    assert (await plain.chat("claude-3", key=MASTER_KEY)).status == 200


async def test_a_refused_call_is_not_forwarded(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    assert (await plain.chat("gpt-4o", key="sk-narrow")).status == 403
    assert not plain.forwarder.calls


SECOND_PLACES = {
    "a part of a comma list": {"model": "gpt-4,gpt-4o"},
    "extra_body": {"model": "gpt-4", "extra_body": {"model": "gpt-4o"}},
    "moderation": {"model": "gpt-4", "moderation": {"model": "gpt-4o"}},
    "extra_body's moderation": {"model": "gpt-4", "extra_body": {"moderation": {"model": "gpt-4o"}}},
    "a fallback": {"model": "gpt-4", "fallbacks": ["gpt-4o"]},
    "a fallback of extra_body": {"model": "gpt-4", "extra_body": {"fallbacks": ["gpt-4o"]}},
    "an overridden router setting": {"model": "gpt-4", "router_settings_override": {"fallbacks": ["gpt-4o"]}},
}


@pytest.mark.parametrize("place", list(SECOND_PLACES))
async def test_one_model_that_is_not_granted_refuses_the_whole_request(plain: GateSetup, place: str) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", CHAT, key="sk-narrow", content=SECOND_PLACES[place])
    assert (answer.status, answer.error_type) == (403, "key_model_access_denied")
    assert not plain.forwarder.calls


@pytest.mark.parametrize("target", [f"{CHAT}?model=gpt-4o", "/engines/gpt-4o/chat/completions"])
async def test_a_model_in_the_target_is_judged_beside_the_one_in_the_body(plain: GateSetup, target: str) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", target, key="sk-narrow", content={"model": "gpt-4"})
    assert answer.status == 403
    assert not plain.forwarder.calls


@pytest.mark.parametrize("target", [f"{CHAT}?model=gpt-4o", "/openai/deployments/gpt-4o/chat/completions"])
async def test_two_places_that_differ_are_400_where_both_are_allowed(plain: GateSetup, target: str) -> None:
    answer = await plain.call("POST", target, key="sk-any", content={"model": "gpt-4"})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_two_places_that_agree_are_one_model(plain: GateSetup) -> None:
    target = "/openai/deployments/gpt%2D4/chat/completions?model=gpt-4&api-version=1"
    answer = await plain.call("POST", target, key="sk-any", content={"model": "gpt-4"})
    assert answer.status == 200


async def test_the_first_of_a_comma_list_answers(plain: GateSetup) -> None:
    assert (await plain.chat("gpt-4o, gpt-4")).status == 200
    (call,) = plain.forwarder.calls
    assert call.asked == "gpt-4o"


async def test_a_model_in_the_path_alone_is_enough(plain: GateSetup) -> None:
    answer = await plain.call("POST", "/engines/gpt-4/completions", key="sk-any", content={"prompt": "hello"})
    assert answer.status == 200
    (call,) = plain.forwarder.calls
    assert (call.upstream.path, call.asked) == ("completions", "gpt-4")


async def test_a_call_that_names_no_model_is_400(plain: GateSetup) -> None:
    answer = await plain.call("POST", CHAT, key="sk-any", content={"messages": []})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")


async def test_the_last_of_two_equal_json_keys_is_judged_and_forwarded(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    refused = await plain.call("POST", CHAT, key="sk-narrow", raw=b'{"model": "gpt-4", "model": "gpt-4o"}')
    allowed = await plain.call("POST", CHAT, key="sk-narrow", raw=b'{"model": "gpt-4o", "model": "gpt-4"}')
    assert (refused.status, allowed.status) == (403, 200)
    (call,) = plain.forwarder.calls
    assert sent(call) == {"model": "gpt-4"}


async def test_an_alias_is_judged_and_its_target_is_routed(compile_config: Compile) -> None:
    aliased = gate_setup(compile_config(PLAIN | {"router_settings": {"model_group_alias": {"fast": "gpt-4"}}}))
    assert (await aliased.chat("fast")).status == 200
    (call,) = aliased.forwarder.calls
    assert (call.asked, call.routed) == ("fast", "gpt-4")


@pytest.fixture
def completing(compile_config: Compile) -> GateSetup:
    """A gate whose config answers every completion by `gpt-4o`."""
    content = config(served("gpt-4"), served("gpt-4o"), general_settings={"completion_model": "gpt-4o"})
    made = gate_setup(compile_config(content))
    made.people.add("sk-narrow", models=["gpt-4"])
    return made


async def test_the_configs_completion_model_answers_whatever_is_named(completing: GateSetup) -> None:
    assert (await completing.chat("gpt-4")).status == 200
    assert (await completing.call("POST", CHAT, key="sk-any", content={"messages": []})).status == 200
    assert [call.asked for call in completing.forwarder.calls] == ["gpt-4o", "gpt-4o"]


async def test_the_configs_completion_model_is_judged_like_a_named_one(completing: GateSetup) -> None:
    assert (await completing.chat("gpt-4", key="sk-narrow")).status == 403
    assert not completing.forwarder.calls


async def test_the_model_a_client_names_is_judged_beside_the_completion_model(completing: GateSetup) -> None:
    completing.people.add("sk-other", models=["gpt-4o"])
    assert (await completing.chat("gpt-4", key="sk-other")).status == 403


async def test_embeddings_are_not_answered_by_the_completion_model(completing: GateSetup) -> None:
    answer = await completing.call("POST", "/v1/embeddings", key="sk-narrow", content={"model": "gpt-4", "input": "a"})
    assert answer.status == 200
    assert [call.asked for call in completing.forwarder.calls] == ["gpt-4"]


async def test_more_models_than_one_decision_takes_are_refused_before_it(plain: GateSetup) -> None:
    names = ",".join(f"m{number}" for number in range(101))
    answer = await plain.call("POST", CHAT, key=MASTER_KEY, content={"model": names})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_as_many_models_as_one_decision_takes_are_judged(plain: GateSetup) -> None:
    names = ",".join(["gpt-4", *(f"m{number}" for number in range(99))])
    answer = await plain.call("POST", CHAT, key=MASTER_KEY, content={"model": names})
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert answer.json()["error"]["code"] == "model_not_found"


async def test_a_yes_is_the_same_yes_where_it_holds_for_another_time(compile_config: Compile) -> None:
    snapshot, ends, now = compile_config(PLAIN), count(1), [0.0]

    async def decide(asked: Input) -> Decision:
        return (await snapshot.decide(asked)).model_copy(update={"holds_until": next(ends)})

    waiting = gate_setup(snapshot, decide=decide, clock=lambda: now[0])
    await waiting.chat("gpt-4")
    (call,) = waiting.forwarder.calls
    now[0] = 2.0
    await call.before_sending()
    assert next(ends) == 3
