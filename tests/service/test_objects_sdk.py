"""The official SDKs make, read, list and delete what is theirs."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import anthropic
import openai
import pytest
import yaml

from harness.gateway import Gateway, gateway
from harness.upstream import Call, Reply, Upstream, upstream
from service.conftest import MASTER_KEY
from service.objects import Owned, owned, reply

NewClaude = Callable[[str, str], anthropic.Anthropic]

BATCHES = "/v1/messages/batches"
_numbers = count()
LINE = {"custom_id": "a", "result": {"type": "canceled"}}


def _batches(call: Call) -> Reply:
    """A provider of message batches; each has ended, and tells where its results are: at the provider."""
    path, _, rest = call.path.partition("/msgbatch_")
    assert path == BATCHES
    number, _, verb = rest.partition("/")
    if verb == "results":
        return Reply(body=json.dumps(LINE).encode() + b"\n", content_type="application/binary")
    id_ = f"msgbatch_{number or next(_numbers)}"
    batch = {
        "id": id_,
        "type": "message_batch",
        "processing_status": "ended",
        "created_at": "2026-01-01T00:00:00Z",
        "expires_at": "2026-01-02T00:00:00Z",
        "archived_at": None,
        "cancel_initiated_at": None,
        "ended_at": "2026-01-01T00:00:00Z",
        "request_counts": {"canceled": 1, "errored": 0, "expired": 0, "processing": 0, "succeeded": 0},
        "results_url": f"https://api.anthropic.com/v1/messages/batches/{id_}/results",
    }
    return reply(batch)


@pytest.fixture(scope="module")
def provider() -> Iterator[Upstream]:
    """Anthropic's place."""
    with upstream() as running:
        running.script = _batches
        yield running


@pytest.fixture(scope="module")
def claude(tmp_path_factory: pytest.TempPathFactory, provider: Upstream) -> Iterator[Gateway]:
    """A Modelward with the model `claude`."""
    folder: Path = tmp_path_factory.mktemp("claude")
    params = {"model": "anthropic/claude-1", "api_base": provider.base(""), "api_key": "provider-secret"}
    content = {
        "model_list": [{"model_name": "claude", "litellm_params": params}],
        "general_settings": {"master_key": MASTER_KEY},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(content))
    with gateway(folder / "config.yaml", folder, master_key=MASTER_KEY) as running:
        yield running


@pytest.fixture
def client(claude: Gateway) -> Iterator[NewClaude]:
    """Clients with a key, below a path; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda key, path: stack.enter_context(
            anthropic.Anthropic(base_url=claude.url + path, api_key=key, max_retries=0)
        )


def _make(client: anthropic.Anthropic) -> str:
    params = {"model": "claude", "max_tokens": 5, "messages": [{"role": "user", "content": "hello"}]}
    made = client.messages.batches.create(requests=[{"custom_id": "a", "params": params}])  # type: ignore[typeddict-item]
    return made.id


@pytest.mark.parametrize("path", ["", "/anthropic"])
def test_the_results_of_a_batch_come_through_the_gateway(
    claude: Gateway, provider: Upstream, client: NewClaude, path: str
) -> None:
    mine = client(claude.new_key(), path)
    made = _make(mine)
    provider.calls.clear()
    assert [each.custom_id for each in mine.messages.batches.results(made)] == ["a"]
    assert [call.path for call in provider.calls] == [f"{BATCHES}/{made}", f"{BATCHES}/{made}/results"]
    assert {call.headers["x-api-key"] for call in provider.calls} == {"provider-secret"}


def test_a_batch_of_another_is_not_found(claude: Gateway, client: NewClaude) -> None:
    made = _make(client(claude.new_key(), ""))
    with pytest.raises(anthropic.NotFoundError) as caught:
        client(claude.new_key(), "").messages.batches.retrieve(made)
    assert caught.value.response.json()["error"]["type"] == "not_found_error"


def test_batches_are_listed_for_their_owner_alone(claude: Gateway, client: NewClaude) -> None:
    mine, other = client(claude.new_key(), ""), client(claude.new_key(), "")
    made = _make(mine)
    assert [each.id for each in mine.messages.batches.list()] == [made]
    assert list(other.messages.batches.list()) == []


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Owned]:
    """A service in front of a provider of OpenAI's style."""
    with owned(tmp_path_factory.mktemp("owned")) as running:
        yield running


def test_openais_client_walks_through_the_pages_of_a_list(service: Owned) -> None:
    key = service.key()
    made = [service.make("vector_stores", key) for _ in range(5)]
    with openai.OpenAI(base_url=f"{service.served.url}/v1", api_key=key, max_retries=0) as client:
        assert [each.id for each in client.vector_stores.list(limit=2)] == made[::-1]
        client.vector_stores.delete(made[0])
        with pytest.raises(openai.NotFoundError):
            client.vector_stores.retrieve(made[0])
