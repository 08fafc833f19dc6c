"""The table against the official SDKs' own types: each `model` that a request may hold is a declared place (M1)."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from anthropic.types import message_count_tokens_params, message_create_params
from anthropic.types.beta import message_count_tokens_params as beta_message_count_tokens_params
from anthropic.types.beta import message_create_params as beta_message_create_params
from google.genai import types as google_types
from openai.types import (
    completion_create_params,
    embedding_create_params,
    eval_create_params,
    image_create_variation_params,
    image_edit_params,
    image_generate_params,
    moderation_create_params,
    video_create_params,
)
from openai.types.audio import speech_create_params, transcription_create_params, translation_create_params
from openai.types.beta import assistant_create_params, assistant_update_params, thread_create_and_run_params
from openai.types.beta.threads import run_create_params as thread_run_create_params
from openai.types.chat import completion_create_params as chat_create_params
from openai.types.conversations import conversation_create_params, item_create_params
from openai.types.evals import run_create_params as eval_run_create_params
from openai.types.fine_tuning import job_create_params
from openai.types.realtime import client_secret_create_params
from openai.types.responses import input_token_count_params, response_compact_params, response_create_params
from pydantic import BaseModel
from typing_extensions import is_typeddict

from gateway.table_bodies import match_of, put
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import ids_of
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.places import FALLBACK_FIELDS
from modelward.gateway.routes import Route

TYPES: dict[str, type] = {
    "/chat/completions": chat_create_params.CompletionCreateParamsBase,
    "/completions": completion_create_params.CompletionCreateParamsBase,
    "/embeddings": embedding_create_params.EmbeddingCreateParams,
    "/moderations": moderation_create_params.ModerationCreateParams,
    "/audio/speech": speech_create_params.SpeechCreateParams,
    "/audio/transcriptions": transcription_create_params.TranscriptionCreateParamsBase,
    "/audio/translations": translation_create_params.TranslationCreateParams,
    "/images/generations": image_generate_params.ImageGenerateParamsBase,
    "/images/edits": image_edit_params.ImageEditParamsBase,
    "/images/variations": image_create_variation_params.ImageCreateVariationParams,
    "/videos": video_create_params.VideoCreateParams,
    "/responses": response_create_params.ResponseCreateParamsBase,
    "/responses/compact": response_compact_params.ResponseCompactParams,
    "/responses/input_tokens": input_token_count_params.InputTokenCountParams,
    "/conversations": conversation_create_params.ConversationCreateParams,
    "/conversations/{conversation_id}/items": item_create_params.ItemCreateParams,
    "/realtime/client_secrets": client_secret_create_params.ClientSecretCreateParams,
    "/fine_tuning/jobs": job_create_params.JobCreateParams,
    "/evals": eval_create_params.EvalCreateParams,
    "/evals/{eval_id}/runs": eval_run_create_params.RunCreateParams,
    "/assistants": assistant_create_params.AssistantCreateParams,
    "/assistants/{assistant_id}": assistant_update_params.AssistantUpdateParams,
    "/threads/runs": thread_create_and_run_params.ThreadCreateAndRunParamsBase,
    "/threads/{thread_id}/runs": thread_run_create_params.RunCreateParamsBase,
    "/v1/messages": message_create_params.MessageCreateParamsBase,
    "/v1/messages/count_tokens": message_count_tokens_params.MessageCountTokensParams,
    "/anthropic/v1/messages": beta_message_create_params.MessageCreateParamsBase,
    "/anthropic/v1/messages/count_tokens": beta_message_count_tokens_params.MessageCountTokensParams,
}

TOLD_OF_THE_PAST = {
    *("input[].svg_usage.model", "items[].svg_usage.model"),
    *("messages[].content[].from.model", "messages[].content[].to.model"),
}
"""What a model was in an answer that is sent back; nothing is called by it."""


def model_fields(kind: Any, place: str = "", seen: tuple[object, ...] = ()) -> Iterator[str]:
    """Where a value of that type may hold a field `model`; each item of a list is `[]`."""
    if is_typeddict(kind):
        if kind in seen:
            return
        for name, inner in get_type_hints(kind).items():
            where = f"{place}.{name}" if place else name
            if name == "model":
                yield where
            yield from model_fields(inner, where, (*seen, kind))
        return
    listed = getattr(kind, "__origin__", None) is not None and "Iterable" in str(kind.__origin__)
    listed = listed or getattr(kind, "__origin__", None) in {list}
    for inner in get_args(kind):
        yield from model_fields(inner, f"{place}[]" if listed else place, seen)


def is_declared(place: str, declared: tuple[str, ...]) -> bool:
    """Whether the table has a place: as it is, at any depth, or in a client's fallbacks."""
    if place.partition("[")[0].partition(".")[0] in FALLBACK_FIELDS:
        return True
    for each in declared:
        head, deep, _ = each.partition(".**.")
        if place == each.replace("?", "") or (deep and place.startswith((f"{head}.", f"{head}["))):
            return True
    return False


@pytest.mark.parametrize("template", TYPES)
def test_each_model_field_of_a_request_is_a_declared_place(template: str) -> None:
    (row,) = [row for row in ROUTES if row.template == template and "POST" in row.methods]
    found = set(model_fields(TYPES[template])) - TOLD_OF_THE_PAST
    missing = {place for place in found if not is_declared(place, (*row.names, *row.nested))}
    assert missing == set()


def test_the_types_tell_of_models_in_lists_and_unions() -> None:
    found = set(model_fields(response_create_params.ResponseCreateParamsBase))
    assert {"model", "moderation.model", "tools[].model", "tools[].svg.model", "input[].tools[].model"} <= found


GOOGLES = {
    "": google_types.EmbedContentConfig,
    "contents[]": google_types.Content,
    "generationConfig": google_types.GenerationConfig,
    "generation_config": google_types.GenerateContentConfig,
    "tools[]": google_types.Tool,
    "generateContentRequest": google_types.CountTokensConfig,
    "generate_content_request": google_types.GenerateContentConfig,
}
"""Where values of these types stand in a body at Google."""


def google_fields(kind: Any, place: str, seen: tuple[object, ...] = ()) -> Iterator[str]:
    """Where a value of that type may hold a model's name, in both spellings of the whole way."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        listed = "[]" if getattr(kind, "__origin__", None) is list and not place.endswith("[]") else ""
        for inner in get_args(kind):
            yield from google_fields(inner, place + listed, seen)
        return
    if kind in seen:
        return
    for name, field in kind.model_fields.items():
        for spelling in {name, field.alias or name}:
            where = f"{place}.{spelling}".removeprefix(".")
            if name == "model" or name.endswith(("model_name", "model_id")):
                yield where
            yield from google_fields(field.annotation, where, (*seen, kind))


def google_places() -> set[str]:
    """All of them."""
    return {where for place, kind in GOOGLES.items() for where in google_fields(kind, place)}


@pytest.mark.parametrize("row", [row for row in ROUTES if row.form == "google"], ids=lambda row: row.template)
def test_each_models_name_in_a_request_to_google_is_judged_or_refused(row: Route) -> None:
    match = match_of(row)
    for where in google_places():
        body = put(where, "hidden")
        try:
            judged = footprint(match, b"", body).models
            ids_of(row, {}, body)
        except Invalid:
            continue
        assert "hidden" in judged, where


def test_googles_types_tell_of_models() -> None:
    places = google_places()
    assert "generationConfig.routingConfig.manualMode.modelName" in places
    assert "generation_config.routing_config.manual_mode.model_name" in places
    assert any(place.endswith("ranking.llmRanker.modelName") for place in places)
