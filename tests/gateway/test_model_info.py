"""`/model/info` and `/model_group/info`: the deployments behind what may be called, without a secret (V1, K4)."""

import pytest

from gateway.configs import MASTER_KEY, UPSTREAM_KEY, Compile, config, served
from gateway.gates import GateSetup, gate_setup


@pytest.fixture
def informed(compile_config: Compile) -> GateSetup:
    """A gate over two deployments of `gpt-4`, one in a group, and one of `gpt-4o`."""
    models = [served("gpt-4", "beta"), served("gpt-4", "gold", id="id-gold"), served("gpt-4o")]
    made = gate_setup(compile_config(config(*models)))
    made.people.add("sk-beta", models=["beta"])
    return made


@pytest.mark.parametrize("path", ["/model/info", "/v1/model/info"])
async def test_every_deployment_that_may_serve_is_shown(informed: GateSetup, path: str) -> None:
    answer = await informed.call("GET", path, key="sk-any")
    shown = [(item["model_name"], item["model_info"]["id"]) for item in answer.json()["data"]]
    assert sorted(shown) == [("gpt-4", "id-gold"), ("gpt-4", "id-gpt-4"), ("gpt-4o", "id-gpt-4o")]


async def test_a_deployment_outside_the_callers_group_is_not_shown(informed: GateSetup) -> None:
    answer = await informed.call("GET", "/model/info", key="sk-beta")
    assert [item["model_info"]["id"] for item in answer.json()["data"]] == ["id-gpt-4"]


async def test_a_group_is_shown_once_for_each_model(informed: GateSetup) -> None:
    answer = await informed.call("GET", "/model_group/info", key="sk-any")
    assert answer.json()["data"] == [
        {"model_group": "gpt-4", "providers": ["openai"]},
        {"model_group": "gpt-4o", "providers": ["openai"]},
    ]


@pytest.mark.parametrize("path", ["/model/info", "/v1/model/info", "/model_group/info", "/v1/models"])
async def test_no_secret_and_no_address_is_shown_even_to_the_master_key(informed: GateSetup, path: str) -> None:
    answer = await informed.call("GET", path, key=MASTER_KEY)
    assert answer.status == 200
    assert not [word for word in (UPSTREAM_KEY, "api_key", "upstream.invalid", MASTER_KEY) if word in answer.text]


async def test_more_models_than_one_decision_takes_are_all_shown(compile_config: Compile) -> None:
    many = gate_setup(compile_config(config(*(served(f"m{place:03}") for place in range(205)))))
    answer = await many.call("GET", "/model/info", key="sk-any")
    assert [item["model_name"] for item in answer.json()["data"]] == [f"m{place:03}" for place in range(205)]
