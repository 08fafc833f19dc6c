"""Calls go where the config says, with the key it says, or nowhere (E5), on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from harness.bundles import POLICIES, write_bundle
from harness.gateway import Gateway, gateway
from harness.opa import opa_server
from harness.upstream import Reply, Upstream, chat_answer, upstream

MASTER_KEY = "sk-master-1234"
NOT_SPOKEN = (501, "provider_not_spoken")
NOT_CONFIGURED = (503, "provider_not_configured")


@dataclass(frozen=True)
class Served:
    """A running Modelward, and the provider that its deployments with an address lead to."""

    gateway: Gateway
    provider: Upstream

    def asked(self, model: str, path: str = "/v1/chat/completions", **fields: object) -> tuple[int, str]:
        """The status and the error's type of a call by the master key."""
        self.provider.calls.clear()
        content = {"model": model, "messages": [], "input": "x", **fields}
        answer = self.gateway.call("POST", path, key=MASTER_KEY, content=content)
        said = answer.json()
        return answer.status, said["error"]["type"] if "error" in said else ""


def config(provider: Upstream) -> dict[str, object]:
    """Deployments that take calls, and others that take none."""
    base, key = provider.base("/v1"), "os.environ/KEY"
    models = {
        "silent": {"model": "zai/glm-4.6", "api_key": key},
        "zai/*": {"model": "zai/*", "api_key": key},
        "declared": {"model": "glm-4.6", "custom_llm_provider": "zai", "api_key": key},
        "keyless": {"model": "openai/gpt-4o"},
        "homeless": {"model": "azure/gpt-4o", "api_key": key},
        "said": {"model": "zai/glm-4.6", "api_key": key, "api_base": base},
        "eu": {"model": "openai/gpt-4o", "litellm_credential_name": "eu-account"},
        "failing": {"model": "openai/failing", "api_key": key, "api_base": base},
    }
    rows = [{"model_name": name, "litellm_params": params} for name, params in models.items()]
    both = ({"model": "zai/x", "api_key": key}, {"model": "openai/x", "api_key": key, "api_base": base})
    rows += [{"model_name": "both", "litellm_params": params} for params in both]
    return {
        "model_list": rows,
        "credential_list": [
            {
                "credential_name": "eu-account",
                "credential_values": {"api_key": "os.environ/EU_KEY", "api_base": base, "organization": "org-eu"},
            }
        ],
        "router_settings": {
            "model_group_alias": {"house": "silent"},
            "fallbacks": [{"failing": ["silent", "said"]}],
        },
        "general_settings": {"master_key": MASTER_KEY},
    }


@pytest.fixture(scope="module", params=["embedded", "opa"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all tests of this file, for each engine."""
    folder: Path = tmp_path_factory.mktemp("destinations")
    with upstream() as provider:
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump(config(provider), sort_keys=False))
        write_bundle(path, folder / "bundle")
        env = {"KEY": "sk-provider-1", "EU_KEY": "sk-provider-eu"}
        with opa_server([POLICIES, folder / "bundle"], folder) as opa:
            url = opa.url if request.param == "opa" else None
            with gateway(path, folder, master_key=MASTER_KEY, opa_url=url, env=env) as running:
                yield Served(running, provider)


@pytest.mark.parametrize("model", ["silent", "declared", "zai/glm-4.6", "house"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/v1/responses"])
def test_a_provider_that_is_not_spoken_takes_no_calls(served: Served, model: str, path: str) -> None:
    assert served.asked(model, path) == NOT_SPOKEN
    assert served.provider.calls == []


@pytest.mark.parametrize("model", ["keyless", "homeless"])
def test_a_provider_without_key_or_address_takes_no_calls(served: Served, model: str) -> None:
    assert served.asked(model) == NOT_CONFIGURED
    assert served.provider.calls == []


def test_a_refusal_says_what_to_do_and_not_to_try_again(served: Served) -> None:
    answer = served.gateway.chat("silent", key=MASTER_KEY)
    assert "the operator must say `api_base` for it" in answer.text
    assert answer.headers["x-should-retry"] == "false"


def test_a_key_without_the_model_is_told_that_alone(served: Served) -> None:
    answer = served.gateway.chat("silent", key=served.gateway.new_key(models=["said"]))
    assert (answer.status, answer.json()["error"]["type"]) == (403, "key_model_access_denied")


def test_a_client_s_fallback_to_it_is_refused(served: Served) -> None:
    assert served.asked("said", fallbacks=["silent"]) == NOT_SPOKEN


def test_the_config_s_fallback_to_it_is_skipped(served: Served) -> None:
    served.provider.script = lambda call: Reply(500) if call.json()["model"] == "failing" else chat_answer(call)
    assert served.asked("failing")[0] == 200
    assert [call.json()["model"] for call in served.provider.calls] == ["failing", "glm-4.6"]


def test_what_takes_no_calls_is_listed_nowhere(served: Served) -> None:
    def names(path: str, field: str) -> set[str]:
        return {each[field] for each in served.gateway.call("GET", path, key=MASTER_KEY).json()["data"]}

    callable_ = {"said", "eu", "failing", "both"}
    assert names("/v1/models", "id") == callable_
    assert names("/model/info", "model_name") == callable_
    assert names("/model_group/info", "model_group") == callable_
    assert served.gateway.call("GET", "/v1/models/silent", key=MASTER_KEY).status == 404


def test_another_deployment_of_the_name_serves_it(served: Served) -> None:
    for _ in range(5):
        assert served.asked("both")[0] == 200
        assert served.provider.calls[0].json()["model"] == "x"


def test_with_an_address_any_provider_is_called_there(served: Served) -> None:
    assert served.asked("said")[0] == 200
    (call,) = served.provider.calls
    assert (call.path, call.json()["model"]) == ("/v1/chat/completions", "glm-4.6")


def test_a_deployment_of_a_credential_is_called_with_its_key(served: Served) -> None:
    assert served.asked("eu")[0] == 200
    (call,) = served.provider.calls
    headers = {name.lower(): value for name, value in call.headers.items()}
    assert (headers["authorization"], headers["openai-organization"]) == ("Bearer sk-provider-eu", "org-eu")
