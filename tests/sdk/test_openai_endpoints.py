"""The official `openai` SDK on OpenAI's endpoints, with a provider behind: what is answered, and what it got."""

import io

import openai
import pytest
from openai import OpenAI

from harness.provider_openai import SOUND
from harness.provider_replies import TEXT
from harness.upstream import Upstream

SPOKEN = ("speech.mp3", b"ID3 a question", "audio/mpeg")
PICTURE = ("picture.png", b"\x89PNG a picture", "image/png")


def test_chat_answers_and_the_provider_reads_its_own_name(openai_client: OpenAI, asked: Upstream) -> None:
    answer = openai_client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "hello"}])
    assert answer.choices[0].message.content == TEXT
    (call,) = asked.calls
    assert call.path == "/v1/chat/completions"
    assert call.json()["model"] == "real-gpt"
    assert call.headers["authorization"] == "Bearer provider-secret"


def test_a_stream_of_chat_is_whole(openai_client: OpenAI) -> None:
    with openai_client.chat.completions.create(
        model="gpt", messages=[{"role": "user", "content": "hello"}], stream=True
    ) as stream:
        chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TEXT
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_text_completions_answer(openai_client: OpenAI) -> None:
    assert openai_client.completions.create(model="gpt", prompt="hello").choices[0].text == TEXT


def test_embeddings_answer_one_vector_for_each_input(openai_client: OpenAI) -> None:
    answer = openai_client.embeddings.create(model="gpt", input=["one", "two"])
    assert [each.embedding for each in answer.data] == [[0.0, 1.0], [0.0, 1.0]]


def test_moderations_answer(openai_client: OpenAI) -> None:
    assert openai_client.moderations.create(model="gpt", input="hello").results[0].flagged


def test_moderations_without_a_model_are_a_bad_request(openai_client: OpenAI, asked: Upstream) -> None:
    with pytest.raises(openai.BadRequestError, match="model"):
        openai_client.moderations.create(input="hello")
    assert asked.calls == []


def test_images_are_made(openai_client: OpenAI, asked: Upstream) -> None:
    answer = openai_client.images.generate(model="painter", prompt="a house")
    assert answer.data is not None
    assert answer.data[0].b64_json
    assert asked.calls[0].json()["model"] == "real-painter"


def test_an_image_is_edited_by_form(openai_client: OpenAI, asked: Upstream) -> None:
    answer = openai_client.images.edit(model="painter", image=PICTURE, prompt="a door")
    assert answer.data
    assert b"real-painter" in asked.calls[0].body
    assert PICTURE[1] in asked.calls[0].body


def test_variations_of_an_image_are_made_by_form(openai_client: OpenAI, asked: Upstream) -> None:
    with pytest.deprecated_call():
        answer = openai_client.images.create_variation(model="painter", image=PICTURE)
    assert answer.data
    assert b"real-painter" in asked.calls[0].body


def test_speech_comes_as_bytes(openai_client: OpenAI) -> None:
    answer = openai_client.audio.speech.create(model="gpt", voice="alloy", input="hello")
    assert answer.read() == SOUND


def test_a_file_is_transcribed(openai_client: OpenAI, asked: Upstream) -> None:
    assert openai_client.audio.transcriptions.create(model="gpt", file=SPOKEN).text == TEXT
    (call,) = asked.calls
    assert call.path == "/v1/audio/transcriptions"
    assert SPOKEN[1] in call.body
    assert b"real-gpt" in call.body


def test_a_file_is_translated(openai_client: OpenAI) -> None:
    with pytest.deprecated_call():
        answer = openai_client.audio.translations.create(model="gpt", file=io.BytesIO(SPOKEN[1]))
    assert answer.text == TEXT


def test_a_response_answers(openai_client: OpenAI, asked: Upstream) -> None:
    assert openai_client.responses.create(model="gpt", input="hello").output_text == TEXT
    assert asked.calls[0].json()["model"] == "real-gpt"


def test_a_stream_of_a_response_is_whole(openai_client: OpenAI) -> None:
    with openai_client.responses.create(model="gpt", input="hello", stream=True) as stream:
        events = list(stream)
    assert [event.type for event in events][-1] == "response.completed"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == TEXT


def test_the_tokens_of_an_input_are_counted(openai_client: OpenAI) -> None:
    assert openai_client.responses.input_tokens.count(model="gpt", input="hello").input_tokens == 1


def test_a_response_whose_model_a_prompt_would_choose_is_a_bad_request(openai_client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="model"):
        openai_client.responses.create(prompt={"id": "pmpt_1"})


def test_a_client_secret_is_asked_for_with_a_short_life(openai_client: OpenAI, asked: Upstream) -> None:
    answer = openai_client.realtime.client_secrets.create(
        session={"type": "realtime", "model": "gpt"}, expires_after={"anchor": "created_at", "seconds": 7200}
    )
    assert answer.expires_at == 1 + 60
    assert asked.calls[0].json()["session"]["model"] == "real-gpt"
