"""The official `openai` SDK on objects that outlive a call: each belongs to the caller that made it."""

from collections.abc import Callable, Iterator

import openai
import orjson
import pytest
from openai import OpenAI

from harness.gateway import Gateway
from harness.provider_replies import TEXT
from harness.upstream import Upstream
from sdk.fronted import ALLOWED, FORBIDDEN
from sdk.refusals import assert_refused_once

AT_GPT = {"model": "gpt"}
"""Where to make what names no model, as there is more than one account."""


@pytest.fixture
def another(front: Gateway, key: str) -> Iterator[OpenAI]:
    """A client of somebody else, with the same models."""
    with OpenAI(base_url=f"{front.url}/v1", api_key=front.new_key(models=ALLOWED)) as client:
        yield client


def lines(*models: str) -> bytes:
    """A batch of one response for each model."""
    rows = [
        {"custom_id": model, "method": "POST", "url": "/v1/responses", "body": {"model": model, "input": "hello"}}
        for model in models
    ]
    return b"\n".join(map(orjson.dumps, rows))


def upload(client: OpenAI, *models: str) -> str:
    """Uploads such a batch; its file's id."""
    return client.files.create(file=("batch.jsonl", lines(*models)), purpose="batch").id


def test_a_batch_runs_from_upload_to_its_output(openai_client: OpenAI, asked: Upstream) -> None:
    file = upload(openai_client, "gpt")
    batch = openai_client.batches.create(input_file_id=file, endpoint="/v1/responses", completion_window="24h")
    done = openai_client.batches.retrieve(batch.id)
    assert (done.status, done.input_file_id) == ("completed", file)
    assert done.output_file_id
    assert b'"gpt"' in openai_client.files.content(done.output_file_id).read()
    assert any(b"real-gpt" in call.body for call in asked.calls)
    assert not any(b'"model":"gpt"' in call.body.replace(b" ", b"") for call in asked.calls)


def test_a_file_can_be_read_and_deleted(openai_client: OpenAI) -> None:
    file = upload(openai_client, "gpt")
    assert openai_client.files.retrieve(file).purpose == "batch"
    assert openai_client.files.delete(file).deleted
    with pytest.raises(openai.NotFoundError):
        openai_client.files.retrieve(file)


def test_lists_hold_ones_own_objects_alone(openai_client: OpenAI, another: OpenAI) -> None:
    file = upload(openai_client, "gpt")
    batch = openai_client.batches.create(input_file_id=file, endpoint="/v1/responses", completion_window="24h")
    assert file in [each.id for each in openai_client.files.list()]
    assert [each.id for each in openai_client.batches.list()] == [batch.id]
    assert list(another.files.list()) == []
    assert list(another.batches.list()) == []


def test_a_batch_can_be_cancelled(openai_client: OpenAI) -> None:
    file = upload(openai_client, "gpt")
    batch = openai_client.batches.create(input_file_id=file, endpoint="/v1/responses", completion_window="24h")
    assert openai_client.batches.cancel(batch.id).status == "cancelling"


def test_a_file_with_a_forbidden_model_is_a_permission_error(
    openai_client: OpenAI, front: Gateway, key: str, asked: Upstream
) -> None:
    with pytest.raises(openai.PermissionDeniedError) as caught:
        upload(openai_client, "gpt", FORBIDDEN)
    assert_refused_once(front, key, str(caught.value))
    assert not any(b"real-gpt" in call.body for call in asked.calls)


def test_a_batch_of_anothers_file_is_not_found(openai_client: OpenAI, another: OpenAI) -> None:
    file = upload(openai_client, "gpt")
    with pytest.raises(openai.NotFoundError):
        another.batches.create(input_file_id=file, endpoint="/v1/responses", completion_window="24h")


def test_a_response_can_be_continued_read_and_deleted(openai_client: OpenAI, asked: Upstream) -> None:
    first = openai_client.responses.create(model="gpt", input="hello")
    second = openai_client.responses.create(model="gpt", input="more", previous_response_id=first.id)
    assert second.output_text == TEXT
    assert openai_client.responses.retrieve(first.id).id == first.id
    openai_client.responses.delete(first.id)
    assert asked.calls[1].json()["previous_response_id"]


def test_anothers_response_cannot_be_continued(openai_client: OpenAI, another: OpenAI, asked: Upstream) -> None:
    first = openai_client.responses.create(model="gpt", input="hello")
    with pytest.raises(openai.NotFoundError):
        another.responses.create(model="gpt", input="more", previous_response_id=first.id)
    assert len(asked.calls) == 1


def test_a_vector_store_is_made_listed_and_deleted(openai_client: OpenAI, another: OpenAI) -> None:
    made = openai_client.vector_stores.create(name="mine", extra_query=AT_GPT)
    assert openai_client.vector_stores.retrieve(made.id).name == "mine"
    assert [each.id for each in openai_client.vector_stores.list()] == [made.id]
    assert list(another.vector_stores.list()) == []
    assert openai_client.vector_stores.delete(made.id).deleted


def test_an_object_that_could_be_made_in_several_accounts_is_a_bad_request(
    openai_client: OpenAI, asked: Upstream
) -> None:
    with pytest.raises(openai.BadRequestError, match=r"\?model="):
        openai_client.vector_stores.create()
    assert asked.calls == []


MAKE: dict[str, Callable[[OpenAI], str]] = {
    "response": lambda client: client.responses.create(model="gpt", input="hello").id,
    "file": lambda client: upload(client, "gpt"),
    "vector store": lambda client: client.vector_stores.create(extra_query=AT_GPT).id,
    "conversation": lambda client: client.conversations.create(extra_query=AT_GPT).id,
}
READ: dict[str, Callable[[OpenAI, str], object]] = {
    "response": lambda client, id_: client.responses.retrieve(id_),
    "file": lambda client, id_: client.files.content(id_),
    "vector store": lambda client, id_: client.vector_stores.retrieve(id_),
    "conversation": lambda client, id_: client.conversations.retrieve(id_),
}


@pytest.mark.parametrize("kind", MAKE)
def test_anothers_object_is_not_found(kind: str, openai_client: OpenAI, another: OpenAI, asked: Upstream) -> None:
    made = MAKE[kind](openai_client)
    assert READ[kind](openai_client, made)
    before = len(asked.calls)
    with pytest.raises(openai.NotFoundError):
        READ[kind](another, made)
    assert len(asked.calls) == before
