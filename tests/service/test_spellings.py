"""No other spelling of a name slips past the narrower entry that has it (M8), on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.bundles import POLICIES, write_bundle
from harness.gateway import Gateway, gateway
from harness.opa import opa_server
from harness.upstream import Reply, Upstream, chat_answer, upstream

MASTER_KEY = "sk-master-1234"
NARROW = {
    "azure": "azure/gpt-4o",
    "bedrock": "bedrock/anthropic.claude-opus-4-v1:0",
    "gemini": "gemini/gemini-2.5-pro",
    "ollama": "ollama/llama3",
    "vertex_ai": "vertex_ai/claude-opus-4",
}
RESPELLED = [
    *("azure/GPT-4o", "azure/gpt%2D4o", "azure/gpt-4o/", "azure//gpt-4o", "azure/gpt\u20114o", "azure/gpt-4o."),
    *("ollama/library/llama3", "ollama/LLAMA3", "ollama/llama3:latest", "ollama/registry.ollama.ai/library/llama3"),
    *("ollama_chat/llama3", "ollama_chat/library/Llama3:latest"),
    *("bedrock/us.anthropic.claude-opus-4-v1:0", "bedrock/Anthropic.claude-opus-4-v1:0"),
    "bedrock/arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-v1:0",
    *("gemini/models/gemini-2.5-pro", "gemini/gemini-2.5-pro-001"),
    *("vertex_ai/anthropic/claude-opus-4", "vertex_ai/publishers/anthropic/models/claude-opus-4"),
    *("vertex_ai/claude-opus-4@default", "vertex_ai/models/claude-opus-4", "vertex_ai_beta/claude-opus-4"),
    "vertex_ai/projects/p/locations/l/publishers/anthropic/models/claude-opus-4",
]


@dataclass(frozen=True)
class Served:
    """A running Modelward, and the provider behind it; `key` may use the wildcard entries, and no narrow one."""

    gateway: Gateway
    provider: Upstream
    key: str

    def asked(self, model: str, *, key: str | None = None, **fields: Any) -> tuple[int, str]:
        """The status and the error's code of a chat call."""
        self.provider.calls.clear()
        content = {"model": model, "messages": [], **fields}
        answer = self.gateway.call("POST", "/v1/chat/completions", key=key or self.key, content=content)
        said = answer.json()
        return answer.status, said["error"]["code"] if "error" in said else ""


def config(provider: Upstream) -> dict[str, object]:
    """For each provider all its models, and one of them in a group of its own."""
    rows = [
        (name, name, groups)
        for provider_name, narrow in NARROW.items()
        for name, groups in ((narrow, ["costly"]), (f"{provider_name}/*", ["cheap"]))
    ]
    rows += [(f"{name}/*", f"{name}/*", ["cheap"]) for name in ("ollama_chat", "vertex_ai_beta")]
    rows += [("failing", "azure/failing", ["cheap"])]
    return {
        "model_list": [
            {
                "model_name": name,
                "litellm_params": {"model": model, "api_base": provider.base(""), "api_key": "os.environ/KEY"},
                "model_info": {"access_groups": groups},
            }
            for name, model, groups in rows
        ],
        "router_settings": {
            "model_group_alias": {"house": "azure/GPT-4O"},
            "fallbacks": [{"failing": ["azure/Gpt-4o", "azure/other"]}],
        },
        "general_settings": {"master_key": MASTER_KEY},
    }


@pytest.fixture(scope="module", params=["embedded", "opa"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for all tests of this file, for each engine."""
    folder: Path = tmp_path_factory.mktemp("spellings")
    with upstream() as provider:
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump(config(provider), sort_keys=False))
        write_bundle(path, folder / "bundle")
        with opa_server([POLICIES, folder / "bundle"], folder) as opa:
            url = opa.url if request.param == "opa" else None
            env = {"KEY": "sk-provider-1"}
            with gateway(path, folder, master_key=MASTER_KEY, opa_url=url, env=env) as running:
                yield Served(running, provider, running.new_key(models=["cheap"]))


@pytest.mark.parametrize("name", NARROW.values())
def test_the_narrow_name_is_for_those_who_have_it(served: Served, name: str) -> None:
    assert served.asked(name)[0] == 403
    assert served.provider.calls == []


@pytest.mark.parametrize("provider", NARROW)
def test_another_model_of_the_wildcard_is_served(served: Served, provider: str) -> None:
    assert served.asked(f"{provider}/gemma-3-small")[0] == 200


@pytest.mark.parametrize("name", RESPELLED)
def test_another_spelling_of_it_reaches_nobody(served: Served, name: str) -> None:
    for key in (served.key, served.gateway.new_key(models=["*"]), MASTER_KEY):
        assert served.asked(name, key=key)[0] in {400, 403}
        assert served.provider.calls == []


@pytest.mark.parametrize("fields", [{"fallbacks": ["azure/GPT-4o"]}, {"extra_body": {"model": "azure/GPT-4o"}}])
def test_nor_does_one_beside_the_model(served: Served, fields: dict[str, Any]) -> None:
    assert served.asked("azure/other", **fields)[0] in {400, 403}
    assert served.provider.calls == []


def test_nor_does_an_alias_of_the_config_or_of_a_key(served: Served) -> None:
    key = served.gateway.new_key(models=["cheap"], aliases={"mine": "ollama/library/llama3"})
    for alias in ("house", "mine"):
        assert served.asked(alias, key=key)[0] in {400, 403}
        assert served.provider.calls == []


def test_a_fallback_of_the_config_to_one_is_skipped(served: Served) -> None:
    served.provider.script = lambda call: Reply(500) if "failing" in call.path else chat_answer(call)
    assert served.asked("failing", key=MASTER_KEY)[0] == 200
    assert ["other" in call.path for call in served.provider.calls] == [False, True]


def test_a_path_that_names_it_reaches_nobody(served: Served) -> None:
    served.provider.calls.clear()
    for name in ("azure%2FGPT-4o", "azure/GPT-4o", "azure%2Fgpt%252D4o"):
        path = f"/openai/deployments/{name}/chat/completions"
        answer = served.gateway.call("POST", path, key=served.key, content={"messages": []})
        assert answer.status in {400, 403, 404}
    assert served.provider.calls == []
