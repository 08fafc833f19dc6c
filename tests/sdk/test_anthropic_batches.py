"""The official `anthropic` SDK on batches of messages: each belongs to the caller that made it."""

from collections.abc import Iterator

import anthropic
import orjson
import pytest
from anthropic import Anthropic
from anthropic.types.messages.batch_create_params import Request

from harness.gateway import Gateway
from harness.upstream import Upstream
from sdk.fronted import ALLOWED

REQUESTS: list[Request] = [
    {"custom_id": "one", "params": {"model": "claude", "max_tokens": 9, "messages": [{"role": "user", "content": "a"}]}}
]


@pytest.fixture
def client(front: Gateway, key: str) -> Iterator[Anthropic]:
    """A client whose key may use every model but `forbidden`."""
    with Anthropic(base_url=front.url, api_key=key) as running:
        yield running


@pytest.fixture
def another(front: Gateway, key: str) -> Iterator[Anthropic]:
    """A client of somebody else, with the same models."""
    with Anthropic(base_url=front.url, api_key=front.new_key(models=ALLOWED)) as running:
        yield running


def test_a_batch_is_made_with_the_providers_own_names(client: Anthropic, asked: Upstream) -> None:
    made = client.messages.batches.create(requests=REQUESTS)
    assert made.processing_status == "ended"
    (call,) = asked.calls
    assert call.path == "/v1/messages/batches"
    assert [each["params"]["model"] for each in orjson.loads(call.body)["requests"]] == ["real-claude"]
    assert call.headers["x-api-key"] == "provider-secret"


def test_a_batch_can_be_read_and_cancelled(client: Anthropic) -> None:
    made = client.messages.batches.create(requests=REQUESTS)
    assert client.messages.batches.retrieve(made.id).id == made.id
    assert client.messages.batches.cancel(made.id).processing_status == "canceling"


def test_the_results_of_a_batch_are_read_through_modelward(client: Anthropic, asked: Upstream) -> None:
    made = client.messages.batches.create(requests=REQUESTS)
    results = list(client.messages.batches.results(made.id))
    assert [(each.custom_id, each.result.type) for each in results] == [("one", "succeeded")]
    assert asked.calls[-1].path.endswith("/results")


def test_the_list_holds_ones_own_batches_alone(client: Anthropic, another: Anthropic) -> None:
    made = client.messages.batches.create(requests=REQUESTS)
    assert [each.id for each in client.messages.batches.list()] == [made.id]
    assert list(another.messages.batches.list()) == []


def test_anothers_batch_is_not_found(client: Anthropic, another: Anthropic, asked: Upstream) -> None:
    made = client.messages.batches.create(requests=REQUESTS)
    for read in (another.messages.batches.retrieve, another.messages.batches.cancel, another.messages.batches.results):
        with pytest.raises(anthropic.NotFoundError):
            read(made.id)
    assert len(asked.calls) == 1
