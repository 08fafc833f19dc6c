"""Google's bodies: both spellings of a field are one field, and what would choose a model or read state is refused."""

from typing import Any

import pytest

from gateway.table_bodies import put
from harness.tables import for_each
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.objects import ids_of
from modelward.gateway.request.footprint import footprint
from modelward.gateway.routes import Router

ROUTER = Router(ROUTES)
PATHS = [
    "/v1beta/models/own:generateContent",
    "/v1beta/models/own:countTokens",
    "/vertex_ai/v1/projects/p/locations/l/publishers/google/models/own:generateContent",
    "/vertex_ai/publishers/google/models/own:predict",
]
EACH_PATH = for_each("path", PATHS)
BODIES = ("", "generateContentRequest.", "generate_content_request.", "extra_body.")

PLACES = ["model", "tools[].model", "tools[].svg.model", "moderation?.model"]

CHOOSING = [
    "generationConfig.routingConfig.manualMode.modelName",
    "generation_config.routing_config.manual_mode.model_name",
    "generation_config.routingConfig.manual_mode.modelName",
    "generationConfig.routingConfig.autoMode.modelRoutingPreference",
    "generation_config.routing_config.auto_mode.model_routing_preference",
    "generationConfig.modelSelectionConfig.featureSelectionPreference",
    "generation_config.model_selection_config.feature_selection_preference",
    "tools[].retrieval.vertexRagStore.ragRetrievalConfig.ranking.llmRanker.modelName",
    "tools[].retrieval.vertex_rag_store.rag_retrieval_config.ranking.rank_service.model_name",
    "x.llmRanker.modelName",
    "x.rank_service.model_name",
]
STATE = [
    *("cachedContent", "cached_content"),
    *("tools[].fileSearch.fileSearchStoreNames", "tools[].file_search.file_search_store_names[]"),
    *("tools[].retrieval.vertexAiSearch.datastore", "tools[].retrieval.vertex_ai_search.engine"),
    *("tools[].retrieval.vertexAiSearch.dataStoreSpecs[].dataStore", "tools[].retrieval.externalApi.endpoint"),
    *("tools[].retrieval.external_api.endpoint", "tools[].retrieval.vertexRagStore.storeContext"),
    *("x.vertexRagStore.ragResources[].ragCorpus", "x.rag_resources[].rag_file_ids[]", "x.ragCorpora[]"),
    *("x.ragResources[].ragFileIds[]", "x.rag_resources[].rag_corpus", "x.rag_corpora[]"),
]
BUCKETS = [
    *("contents[].parts[].fileData.fileUri", "contents[].parts[].file_data.file_uri"),
    *("instances[].image.gcsUri", "instances[].video.gcs_uri", "instances[].uri", "instances[].x.uris[]"),
    *("parameters.storageUri", "parameters.storage_uri", "parameters.outputGcsUri", "parameters.output_gcs_uri"),
    *("parameters.outputUri", "x.gcsSource.uris", "x.gcs_destination.output_uri_prefix", "x.outputUriPrefix"),
]
PLAIN: list[dict[str, Any]] = [
    {"generationConfig": {"routingConfig": None, "temperature": 0}},
    {"tools": [{"functionDeclarations": [{"parameters": {"properties": {"modelName": {"type": "STRING"}}}}]}]},
    {"tools": [{"functionDeclarations": [{"parameters": {"properties": {"retrieval": {"type": "OBJECT"}}}}]}]},
    {"contents": [{"parts": [{"functionCall": {"name": "f", "args": {"modelName": "x", "uri": "gs://b/f"}}}]}]},
    {"contents": [{"parts": [{"text": "gs://bucket/file"}, {"file_data": {"file_uri": "https://example.org/a"}}]}]},
    {"contents": [{"parts": [{"x": {"uri": "https://example.org/a"}}]}]},
    {"tools": [{"googleSearch": {}}, {"retrieval": {"disableAttribution": True}}]},
]


def read(path: str, body: dict[str, Any]) -> list[str]:
    """The models that a request names. Raises Invalid for what is refused."""
    match = ROUTER.find("POST", path)
    assert match is not None
    found = footprint(match, b"", body)
    ids_of(match.route, {}, body)
    return found.models


@EACH_PATH
@pytest.mark.parametrize("within", BODIES)
@pytest.mark.parametrize("place", PLACES)
def test_a_model_in_a_body_within_is_judged_in_both_spellings(path: str, within: str, place: str) -> None:
    assert read(path, put(within + place, "hidden")) == ["own", "hidden"]


@EACH_PATH
@pytest.mark.parametrize("within", BODIES)
@pytest.mark.parametrize("place", CHOOSING)
def test_what_would_choose_the_model_is_refused(path: str, within: str, place: str) -> None:
    with pytest.raises(Invalid, match=r"is not taken|it says that it names a model"):
        read(path, put(within + place, "hidden"))


@EACH_PATH
def test_a_model_that_google_chooses_by_itself_is_refused(path: str) -> None:
    with pytest.raises(Invalid, match="the path"):
        read(path, {"generationConfig": {"routingConfig": {"autoMode": {}}}})


@EACH_PATH
@pytest.mark.parametrize("within", BODIES)
@pytest.mark.parametrize("place", STATE)
def test_state_that_belongs_to_nobody_is_refused(path: str, within: str, place: str) -> None:
    with pytest.raises(Invalid, match="belongs to nobody"):
        read(path, put(within + place, "x"))


@EACH_PATH
@pytest.mark.parametrize("place", BUCKETS)
@pytest.mark.parametrize("uri", ["gs://bucket/file", "GS://bucket/file", " gs://bucket/file"])
def test_a_bucket_is_refused(path: str, place: str, uri: str) -> None:
    with pytest.raises(Invalid, match="public"):
        read(path, put(place, uri))


@EACH_PATH
@pytest.mark.parametrize("body", PLAIN)
def test_what_only_looks_like_it_is_taken(path: str, body: dict[str, Any]) -> None:
    assert read(path, body) == ["own"]
