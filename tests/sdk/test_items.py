"""What a response made may be sent back: the loops of the official SDKs, over two turns and more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import yaml
from agents import (
    Agent,
    ModelSettings,
    OpenAIConversationsSession,
    OpenAIResponsesModel,
    Runner,
    Session,
    SQLiteSession,
    function_tool,
    set_tracing_disabled,
)
from openai import AsyncOpenAI, OpenAI

from harness.gateway import Gateway, gateway
from harness.provider_items import Items
from harness.provider_replies import TEXT
from harness.upstream import Upstream, upstream
from sdk.fronted import MASTER_KEY

set_tracing_disabled(True)
HELLO: dict[str, Any] = {"role": "user", "content": "hello"}
INTERPRETER: dict[str, Any] = {"type": "code_interpreter", "container": {"type": "auto"}}
ENCRYPTED: dict[str, Any] = {"store": False, "include": ["reasoning.encrypted_content"]}


@pytest.fixture(scope="module")
def keeper() -> Iterator[Upstream]:
    """A provider that keeps items."""
    with upstream() as running:
        running.script = Items()
        yield running


@pytest.fixture(scope="module")
def served(keeper: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A Modelward with the model `gpt` in front of it."""
    folder: Path = tmp_path_factory.mktemp("items")
    params = {"model": "openai/real-gpt", "api_base": keeper.base("/v1"), "api_key": "provider-secret"}
    content = {
        "model_list": [{"model_name": "gpt", "litellm_params": params}],
        "general_settings": {"master_key": MASTER_KEY},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(content))
    with gateway(folder / "config.yaml", folder, master_key=MASTER_KEY) as running:
        yield running


@pytest.fixture
def mine(served: Gateway) -> Iterator[OpenAI]:
    """A client with a fresh key."""
    with OpenAI(base_url=f"{served.url}/v1", api_key=served.new_key(), max_retries=0) as client:
        yield client


@pytest.fixture
def anothers(served: Gateway) -> Iterator[OpenAI]:
    """A client of somebody else."""
    with OpenAI(base_url=f"{served.url}/v1", api_key=served.new_key(), max_retries=0) as client:
        yield client


def _turn(client: OpenAI, history: list[Any], *, stream: bool = False, **others: Any) -> list[Any]:
    """One turn; the history grows by the output."""
    if stream:
        with client.responses.stream(model="gpt", input=history, **others) as events:
            response = events.until_done().get_final_response()
    else:
        response = client.responses.create(model="gpt", input=history, **others)
    history += response.output
    return list(response.output)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("others", [{}, {"store": True}, ENCRYPTED, {"tools": [INTERPRETER]}])
def test_openais_client_sends_back_what_it_got(mine: OpenAI, stream: bool, others: dict[str, Any]) -> None:
    history: list[Any] = [HELLO]
    for _ in range(3):
        _turn(mine, history, stream=stream, **others)
        history.append(HELLO)
    assert [item.content[0].text for item in history if getattr(item, "type", "") == "message"] == [TEXT] * 3


@pytest.mark.parametrize("stream", [False, True])
def test_what_another_got_is_not_found(mine: OpenAI, anothers: OpenAI, keeper: Upstream, stream: bool) -> None:
    output = _turn(mine, [HELLO], stream=stream, tools=[INTERPRETER])
    keeper.calls.clear()
    for item in output:
        for sent in (item, {"type": "item_reference", "id": item.id}):
            with pytest.raises(openai.NotFoundError):
                _turn(anothers, [HELLO, sent])
    citation = {"type": "input_file", "file_id": output[-1].content[0].annotations[0].file_id}
    content: Any = [{"role": "user", "content": [citation]}]
    with pytest.raises(openai.NotFoundError):
        anothers.responses.create(model="gpt", input=content)
    assert keeper.calls == []


def test_items_of_a_dropped_response_travel_without_ids(mine: OpenAI, keeper: Upstream) -> None:
    history: list[Any] = [HELLO]
    _turn(mine, history, **ENCRYPTED)
    keeper.calls.clear()
    _turn(mine, history, **ENCRYPTED)
    sent = keeper.calls[0].json()["input"]
    assert [item.get("id") for item in sent] == [None, None, None]
    assert sent[1]["encrypted_content"] == "gAAA"


def test_an_sdk_that_refers_to_items_gets_its_second_turn(served: Gateway, keeper: Upstream) -> None:
    key = served.new_key()
    body = {"model": "gpt", "input": [{"role": "user", "content": [{"type": "input_text", "text": "hello"}]}]}
    first = served.call("POST", "/v1/responses", key=key, content=body).json()
    references = [{"type": "item_reference", "id": item["id"]} for item in first["output"]]
    second = {**body, "input": [*body["input"], *references, *body["input"]]}
    assert served.call("POST", "/v1/responses", key=key, content=second).status == 200
    assert keeper.calls[-1].json()["input"][1:3] == references
    assert served.call("POST", "/v1/responses", key=served.new_key(), content=second).status == 404


def test_items_of_a_conversation_may_be_referred_to_by_their_owner(mine: OpenAI, anothers: OpenAI) -> None:
    conversation = mine.conversations.create()
    mine.conversations.items.create(conversation.id, items=[HELLO])  # type: ignore[list-item]
    (item,) = mine.conversations.items.list(conversation.id)
    sent: Any = [{"type": "item_reference", "id": item.id}]
    assert mine.responses.create(model="gpt", input=sent).output_text == TEXT
    with pytest.raises(openai.NotFoundError):
        anothers.responses.create(model="gpt", input=sent)


@function_tool
def now() -> str:
    """The time."""
    return "noon"


@pytest.mark.parametrize("kind", ["sqlite", "conversations"])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("store", [True, False])
async def test_an_agent_with_a_session_takes_turn_after_turn(
    served: Gateway, kind: str, stream: bool, store: bool
) -> None:
    async with AsyncOpenAI(base_url=f"{served.url}/v1", api_key=served.new_key(), max_retries=0) as client:
        session: Session = SQLiteSession("s") if kind == "sqlite" else OpenAIConversationsSession(openai_client=client)
        settings = ModelSettings(store=store, response_include=["reasoning.encrypted_content"])
        model = OpenAIResponsesModel(model="gpt", openai_client=client)
        agent = Agent(name="a", model=model, model_settings=settings, tools=[now])
        for _ in range(3):
            if stream:
                run = Runner.run_streamed(agent, "hello", session=session)
                async for _event in run.stream_events():
                    pass
                assert run.final_output == TEXT
            else:
                assert (await Runner.run(agent, "hello", session=session)).final_output == TEXT
