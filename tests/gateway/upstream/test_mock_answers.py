"""OpenAI's offline answers, read by its SDK where that has a word for them; and which endpoints have one."""

import io
import re
import wave
from base64 import b64decode
from typing import Any

import orjson
import pytest

from gateway.upstream.mocked import TEXT, made, said, serving
from harness.tables import for_each
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.upstream.mocks import ANSWERS, answer


async def test_a_response() -> None:
    async with serving("responses") as server, server.openai() as client:
        answer = await client.responses.create(model="m", input="hello")
    assert (answer.output_text, answer.model, answer.created_at, answer.status) == (TEXT, "m", 1000, "completed")
    assert answer.usage is not None


def test_a_response_has_an_id_of_its_own_and_names_the_one_before() -> None:
    ids = [said("responses", previous_response_id="resp_1")["id"] for _ in range(2)]
    assert all(re.fullmatch(r"resp_[0-9a-f]{32}", each) for each in ids)
    assert len(set(ids)) == 2
    assert said("responses", previous_response_id="resp_1")["previous_response_id"] == "resp_1"


async def test_a_streamed_response() -> None:
    async with (
        serving("responses", stream=True) as server,
        server.openai() as client,
        client.responses.stream(model="m", input="hello") as stream,
    ):
        events = [event async for event in stream]
        answer = await stream.get_final_response()
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == TEXT
    assert answer.output_text == TEXT


def test_the_events_of_a_response_are_numbered_and_bear_one_id() -> None:
    data = [chunk.partition(b"data: ")[2] for chunk in made("responses", stream=True).chunks]
    events = [orjson.loads(each) for each in data]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert len({event["response"]["id"] for event in events if "response" in event}) == 1


async def test_the_tokens_of_an_input() -> None:
    async with serving("responses/input_tokens") as server, server.openai() as client:
        assert (await client.responses.input_tokens.count(model="m", input="hello")).input_tokens > 0


@pytest.mark.parametrize(("given", "texts"), [("a", 1), (["a", "b"], 2), ([{"type": "text", "text": "a"}] * 2, 1)])
async def test_every_text_is_harmless(given: Any, texts: int) -> None:
    async with serving("moderations", input=given) as server, server.openai() as client:
        answer = await client.moderations.create(model="m", input=given)
    assert [result.flagged for result in answer.results] == [False] * texts
    assert not any(answer.results[0].categories.model_dump().values())
    assert answer.results[0].category_scores.self_harm == 0


async def test_as_many_pictures_as_asked_for() -> None:
    async with serving("images/generations", n=2) as server, server.openai() as client:
        pictures = (await client.images.generate(model="m", prompt="hello", n=2)).data
    assert pictures is not None
    assert [b64decode(picture.b64_json or "")[:8] for picture in pictures] == [b"\x89PNG\r\n\x1a\n"] * 2


@pytest.mark.parametrize("wanted", [None, 0, -1, "2", 1_000_000])
def test_the_number_of_pictures_stays_within_bounds(wanted: object) -> None:
    assert 1 <= len(said("images/generations", n=wanted)["data"]) <= 10


async def test_speech() -> None:
    async with serving("audio/speech") as server, server.openai() as client:
        sound = (await client.audio.speech.create(model="m", voice="alloy", input="hello")).content
    with wave.open(io.BytesIO(sound)) as opened:
        assert set(opened.readframes(opened.getnframes())) == {128}


async def test_a_transcription() -> None:
    async with serving("audio/transcriptions") as server, server.openai() as client:
        assert (await client.audio.transcriptions.create(model="m", file=b"sound")).text == TEXT


def test_a_translation() -> None:
    assert said("audio/translations") == {"text": TEXT}


async def test_a_transcription_as_bare_text() -> None:
    async with serving("audio/transcriptions", response_format="text") as server, server.openai() as client:
        assert await client.audio.transcriptions.create(model="m", file=b"sound", response_format="text") == TEXT


def test_documents_are_ranked_as_they_came() -> None:
    results = said("rerank", documents=["a", "b", "c"], top_n=2)["results"]
    assert [result["index"] for result in results] == [0, 1]
    assert results[0]["relevance_score"] > results[1]["relevance_score"]


def test_all_documents_are_ranked_where_no_number_is_given() -> None:
    assert len(said("rerank", documents=["a", "b", "c"])["results"]) == 3


@pytest.mark.parametrize("operation", ["realtime", "files", "images/edits", "messages/batches", "", "Messages"])
def test_any_other_endpoint_has_none(operation: str) -> None:
    assert answer(operation, {}, "m", TEXT, 1000) is None


def test_every_offline_answer_is_that_of_an_endpoint() -> None:
    assert set(ANSWERS) <= {row.upstream.path for row in ROUTES if row.upstream}


@for_each("operation", ANSWERS)
@pytest.mark.parametrize("value", [None, True, -1, 2.5, "text", [], [None], {}, {"model": []}])
def test_a_strange_body_is_answered_too(operation: str, value: object) -> None:
    fields = ("input", "documents", "top_n", "n", "stream", "stream_options", "requests", "response_format")
    assert made(operation, **dict.fromkeys(fields, value)).chunks
