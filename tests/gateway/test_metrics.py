"""The operator's numbers."""

import pytest

from gateway.configs import MASTER_KEY
from gateway.gates import GateSetup


async def test_metrics_need_an_admin(plain: GateSetup) -> None:
    assert (await plain.call("GET", "/metrics", key="sk-any")).status == 401
    answer = await plain.call("GET", "/metrics", key=MASTER_KEY)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")


async def test_answers_are_counted_by_template_and_status(plain: GateSetup) -> None:
    for name in ("one", "two"):
        await plain.call("POST", f"/engines/{name}/completions", key="sk-any", content={})
    route = 'route="/engines/{model}/completions",status="400"'
    assert f"modelward_answers_total{{{route}}} 2.0".encode() in plain.metrics.text()


async def test_what_a_client_invents_makes_no_new_number(plain: GateSetup) -> None:
    for path in ("/a", "/b"):
        await plain.call("GET", path, key="sk-any")
    assert b'modelward_answers_total{route="",status="404"} 2.0' in plain.metrics.text()


async def test_denials_are_counted_by_their_first_rule(plain: GateSetup) -> None:
    await plain.chat("ghost")
    assert b'modelward_denials_total{rule="model_known"} 1.0' in plain.metrics.text()


async def test_the_time_to_a_decision_is_measured(plain: GateSetup) -> None:
    await plain.chat("gpt-4")
    assert b"modelward_decision_seconds_count 1.0" in plain.metrics.text()


@pytest.mark.parametrize(("current", "number"), [(True, b"1.0"), (False, b"0.0")])
async def test_the_state_of_the_config_is_a_number(plain: GateSetup, current: bool, number: bytes) -> None:
    plain.metrics.config_current.set(current)
    assert b"modelward_config_current " + number in plain.metrics.text()
