"""The probes, open to all (A6)."""

import pytest

from gateway.configs import PLAIN, Compile
from gateway.gates import GateSetup, gate_setup
from modelward.errors import DecisionUnavailable, StoreUnavailable

PROBES = ["/health/liveliness", "/health/liveness", "/health/readiness"]


@pytest.mark.parametrize("path", PROBES)
async def test_a_probe_needs_no_credential(plain: GateSetup, path: str) -> None:
    assert (await plain.call("GET", path)).status == 200


@pytest.mark.parametrize("path", PROBES)
async def test_head_answers_a_probe_without_a_body(plain: GateSetup, path: str) -> None:
    answer = await plain.call("HEAD", path)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize("path", PROBES)
@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
async def test_another_method_on_a_probe_is_no_probe_and_needs_a_credential(
    plain: GateSetup, path: str, method: str
) -> None:
    assert (await plain.call(method, path)).status == 401


async def well() -> str:
    """A check that passes."""
    return "embedded"


async def test_readiness_says_what_it_looked_at(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), checks={"engine": well})
    answer = await gated.call("GET", "/health/readiness")
    assert answer.json() == {"status": "ready", "engine": "embedded", "config": "current"}


@pytest.mark.parametrize("error", [DecisionUnavailable("at secret.host"), StoreUnavailable("at secret.host")])
async def test_who_cannot_decide_or_read_the_subjects_is_not_ready(compile_config: Compile, error: Exception) -> None:
    async def ill() -> str:
        raise error

    gated = gate_setup(compile_config(PLAIN), checks={"engine": well, "database": ill})
    answer = await gated.call("GET", "/health/readiness")
    assert (answer.status, answer.json()["status"], answer.json()["database"]) == (503, "not ready", "unavailable")
    assert "secret.host" not in answer.text
    assert (await gated.call("GET", "/health/liveness")).status == 200


async def test_a_last_good_config_is_ready_and_said(compile_config: Compile) -> None:
    gated = gate_setup(compile_config(PLAIN), config_state="last good")
    answer = await gated.call("GET", "/health/readiness")
    assert (answer.status, answer.json()["config"]) == (200, "last good")
