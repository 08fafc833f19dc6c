"""Which route a path is, and which model stands in it; nothing is mended (M4, A3)."""

import re

import pytest

from gateway.gates import GateSetup
from harness.tables import for_each
from modelward.errors import Invalid
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.footprint import path_names
from modelward.gateway.routes import Match, Route, Router

ROUTER = Router(ROUTES)
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get", "WEBSOCKET"}


def found(method: str, path: str) -> Match:
    """The match of a path that has one."""
    match = ROUTER.find(method, path)
    assert match is not None
    return match


def path_of(row: Route) -> str:
    """A path made from its template."""
    return re.sub(r"\{\w+\}", "gpt-4", row.template)


@for_each("row", ROUTES, ids=lambda row: row.template)
def test_every_row_is_found_by_each_of_its_methods(row: Route) -> None:
    for method in row.methods:
        assert found(method, path_of(row)).route is row


def test_no_row_is_found_by_another_method() -> None:
    for row in ROUTES:
        path = path_of(row)
        for method in METHODS - row.methods:
            match = ROUTER.find(method, path)
            assert match is None or (match.route is not row and method in match.route.methods)


MENDED = [
    *("/V1/chat/completions", "/v1/Chat/Completions", "/v1/chat/completions/", "//v1/chat/completions"),
    *("/v1//chat/completions", "/v1/chat//completions", "/v1/./chat/completions", "/v1/x/../chat/completions"),
    *("/../v1/chat/completions", "/v1/chat%2Fcompletions", "/v1%2Fchat/completions", "/%761/chat/completions"),
    *("/v1/chat/completions%00", "/v1/chat/completions;x=1", "/v1/chat/completions ", "v1/chat/completions"),
    *("/v1/chat/completions.json", "/v2/chat/completions", "/v1/chat", "/", "", "*", "http://h/v1/chat/completions"),
    *("/engines//completions", "/openai/deployments/chat/completions/x", "/mcp", "/v1", "/openai/v1"),
]


@pytest.mark.parametrize("path", MENDED)
def test_a_path_that_would_have_to_be_mended_is_no_route(path: str) -> None:
    assert ROUTER.find("POST", path) is None


@pytest.mark.parametrize("path", [path for path in MENDED if path.startswith("/")])
async def test_a_request_for_no_route_is_404_and_not_forwarded(plain: GateSetup, path: str) -> None:
    answer = await plain.call("POST", path, key="sk-any", content={"model": "gpt-4"})
    assert (answer.status, answer.error_type) == (404, "invalid_request_error")
    assert not plain.forwarder.calls


async def test_the_host_has_no_part_in_the_route(plain: GateSetup) -> None:
    headers = {"Host": "/v1/chat/completions", "X-Original-Url": "/v1/models", "X-Forwarded-Prefix": "/v1"}
    assert (await plain.call("POST", "/v2/x", key="sk-any", headers=headers)).status == 404


ARN = "arn%3Aaws%3Abedrock%3Aeu%3A1%3Ax%2Fy"
VERTEX = "publishers/{publisher}/models/{model}:"
PARTS = [
    ("/engines/gpt-4/embeddings", "embeddings", "gpt-4"),
    ("/v1/engines/gpt-4/completions", "completions", "gpt-4"),
    ("/openai/deployments/gpt-4/chat/completions", "chat/completions", "gpt-4"),
    ("/openai/deployments/openai/gpt-4/chat/completions", "chat/completions", "openai/gpt-4"),
    ("/openai/deployments/a%2Fb/chat/completions", "chat/completions", "a%2Fb"),
    ("/openai/deployments/a/completions/b/embeddings", "embeddings", "a/completions/b"),
    ("/engines/{model}/completions", "completions", "{model}"),
    ("/azure/openai/deployments/a/b/images/edits", "images/edits", "a/b"),
    ("/v1beta/models/gemini-2:generateContent", "models/{model}:generateContent", "gemini-2"),
    ("/v1beta/models/google/gemini-2:countTokens", "models/{model}:countTokens", "google/gemini-2"),
    ("/v1beta/models/a%2Fb:embedContent", "models/{model}:embedContent", "a%2Fb"),
    ("/v1beta/models/ft:gpt:x:streamGenerateContent", "models/{model}:streamGenerateContent", "ft:gpt:x"),
    ("/v1beta/models/a:predict:generateContent", "models/{model}:generateContent", "a:predict"),
    ("/bedrock/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Ax%2Fy/invoke", "model/{model}/invoke", ARN),
    ("/bedrock/model/anthropic.claude-v2:1/converse-stream", "model/{model}/converse-stream", "anthropic.claude-v2:1"),
    ("/vertex_ai/publishers/google/models/m:predict", VERTEX + "predict", "m"),
    ("/vertex_ai/v1/projects/p/locations/l/publishers/anthropic/models/m@1:rawPredict", VERTEX + "rawPredict", "m@1"),
]


@pytest.mark.parametrize(("path", "operation", "model"), PARTS)
def test_all_that_stands_before_the_operation_is_the_model(path: str, operation: str, model: str) -> None:
    match = found("POST", path)
    assert match.route.upstream is not None
    assert (match.route.upstream.path, match.model) == (operation, model)


NO_VERB = [
    *("/v1beta/models/m%3AgenerateContent", "/v1beta/models/m", "/v1beta/models/m:", "/v1beta/models/:generateContent"),
    *("/v1beta/models/m:generateContent/x", "/v1beta/models/m:GenerateContent", "/v1beta/models/m:generateContent:x"),
    *("/vertex_ai/publishers/g/models/m%3Apredict", "/vertex_ai/publishers/a/b/models/m:predict"),
    *("/bedrock/model/m%2Finvoke", "/bedrock/model//invoke", "/bedrock/model/m/Invoke", "/bedrock/model/m/invoke/"),
]


@pytest.mark.parametrize("path", NO_VERB)
def test_a_path_without_its_verb_is_no_route(path: str) -> None:
    assert ROUTER.find("POST", path) is None


@pytest.mark.parametrize("path", ["/v1/responses/a/b", "/v1/responses/", "/v1/files/a/b", "/v1/threads/a/b/runs"])
def test_an_id_is_one_segment(path: str) -> None:
    assert all(ROUTER.find(method, path) is None for method in METHODS)


def test_an_id_is_told_as_it_was_sent() -> None:
    match = found("GET", "/v1/threads/a%2Fb/runs/..")
    assert match.variables == {"thread_id": "a%2Fb", "run_id": ".."}
    assert match.model is None


@pytest.mark.parametrize("path", ["/v1/models/openai/gpt-4", "/models/openai/gpt-4"])
def test_a_listed_model_may_hold_a_slash(path: str) -> None:
    assert found("GET", path).model == "openai/gpt-4"


DECODED = [("gpt%2D4", "gpt-4"), ("a%2Fb", "a/b"), ("a%252Fb", "a%2Fb"), ("a+b", "a+b"), ("mod%C3%A8le", "modèle")]


@pytest.mark.parametrize(("part", "name"), DECODED)
def test_the_models_part_of_a_path_is_decoded_once(part: str, name: str) -> None:
    assert path_names(part) == (name,)


@pytest.mark.parametrize("part", ["%2e%2e%2Fgpt-4", "a/../b", "a%2F.%2Fb", "gpt-4%00", "%20gpt-4", "gpt-4%0A", "%ff"])
def test_a_part_that_is_no_name_is_refused(part: str) -> None:
    with pytest.raises(Invalid):
        path_names(part)


def test_info_routes_are_not_management_routes() -> None:
    assert found("GET", "/key/info").route.groups == ("info_routes",)
    assert found("POST", "/key/info").route.groups == ("management_routes",)


def test_a_path_of_many_publishers_is_unknown() -> None:
    assert ROUTER.find("POST", "/vertex_ai/" + "a/publishers/x/models/" * 2900 + "m") is None


@pytest.mark.parametrize("version", ["", "v1/", "v1beta1/"])
@pytest.mark.parametrize("place", ["", "projects/p/locations/l/"])
def test_vertex_is_called_with_or_without_version_and_place(version: str, place: str) -> None:
    match = found("POST", f"/vertex_ai/{version}{place}publishers/google/models/m:predict")
    assert (match.model, match.variables["publisher"]) == ("m", "google")


@pytest.mark.parametrize(
    "place", ["v2/", "x/", "projects/p/", "locations/l/projects/p/", "v1/projects/a/b/locations/l/"]
)
def test_vertex_has_no_other_places(place: str) -> None:
    assert ROUTER.find("POST", f"/vertex_ai/{place}publishers/google/models/m:predict") is None
