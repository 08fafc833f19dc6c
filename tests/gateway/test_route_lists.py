"""Route lists are held against the path as the call reads it: each `{...}` decoded once, all else as sent (A3, M4)."""

from collections.abc import Mapping

import pytest

from gateway.configs import MASTER_KEY, PLAIN, Compile
from gateway.gates import GateSetup, gate_setup
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.footprint import path_segments
from modelward.gateway.routes import Router

ROUTER = Router(ROUTES)
AZURE = "/openai/deployments/{}/chat/completions"
FAMILIES = [
    AZURE,
    "/azure/openai/deployments/{}/embeddings",
    "/engines/{}/completions",
    "/v1/engines/{}/embeddings",
    "/v1beta/models/{}:generateContent",
    "/bedrock/model/{}/converse",
    "/vertex_ai/publishers/google/models/{}:predict",
    "/vertex_ai/v1/projects/p/locations/l/publishers/google/models/{}:generateContent",
]
SPELLINGS = ["%67pt-4", "gpt%2D4", "gpt%2d4", "%67%70%74%2d%34"]


def reserving(compile_config: Compile, *routes: str) -> GateSetup:
    """A gate whose config keeps these routes for admins."""
    general: Mapping[str, object] = {"master_key": MASTER_KEY, "admin_only_routes": list(routes)}
    return gate_setup(compile_config({**PLAIN, "general_settings": general}))


async def refused_as_reserved(gated: GateSetup, path: str, method: str = "POST") -> bool:
    """Whether a plain key is refused on `path` because it is an admin's."""
    await gated.call(method, path, key="sk-any", content={"messages": []})
    return "admin_only" in [reason["rule"] for reason in (await gated.lines())[-1]["reasons"]]


@pytest.mark.parametrize("spelling", ["gpt-4", *SPELLINGS])
@pytest.mark.parametrize("family", FAMILIES)
async def test_a_reserved_path_is_reserved_in_every_spelling(
    compile_config: Compile, family: str, spelling: str
) -> None:
    gated = reserving(compile_config, family.format("gpt-4"))
    assert await refused_as_reserved(gated, family.format(spelling))
    assert not gated.forwarder.calls


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_reserved_object_is_reserved_in_every_spelling(
    compile_config: Compile, method: str, spelling: str
) -> None:
    gated = reserving(compile_config, "/v1/files/gpt-4")
    assert await refused_as_reserved(gated, f"/v1/files/{spelling}", method)


@pytest.mark.parametrize("path", ["/v1/models/gpt%2d4", "/v1/models/gpt-4"])
async def test_a_reserved_model_of_the_list_is_reserved_in_every_spelling(compile_config: Compile, path: str) -> None:
    assert await refused_as_reserved(reserving(compile_config, "/v1/models/gpt-4"), path, "GET")


@pytest.mark.parametrize("sent", ["openai/gpt-4", "openai%2Fgpt-4", "openai%2fgpt%2D4", "%6fpenai/gpt-4"])
@pytest.mark.parametrize("item", ["openai/gpt-4/chat/completions", "openai/*", "openai/{name}/chat/completions"])
async def test_a_model_with_a_slash_is_reserved_in_every_spelling(
    compile_config: Compile, item: str, sent: str
) -> None:
    gated = reserving(compile_config, f"/openai/deployments/{item}")
    assert await refused_as_reserved(gated, AZURE.format(sent))


@pytest.mark.parametrize("names", ["gpt-4,gpt-4o", "gpt-4o,gpt-4", "gpt-4o,%20gpt%2d4", "claude-3%2Cgpt-4"])
async def test_a_path_that_names_a_reserved_one_among_others_is_reserved(compile_config: Compile, names: str) -> None:
    gated = reserving(compile_config, AZURE.format("gpt-4"))
    assert await refused_as_reserved(gated, AZURE.format(names))
    assert not gated.forwarder.calls


async def test_a_model_that_looks_like_a_key_is_reserved_too(compile_config: Compile) -> None:
    gated = reserving(compile_config, AZURE.format("sk-learn"))
    assert await refused_as_reserved(gated, AZURE.format("sk-learn"))
    assert await refused_as_reserved(gated, AZURE.format("%73k-learn"))


@pytest.mark.parametrize("sent", ["gpt-4o", "gpt%252d4", "GPT-4"])
async def test_another_model_is_not_reserved(compile_config: Compile, sent: str) -> None:
    assert not await refused_as_reserved(reserving(compile_config, AZURE.format("gpt-4")), AZURE.format(sent))


@pytest.mark.parametrize("names", ["gpt-4", "gpt%2D4", "%67pt-4", "gpt-4,gpt%2d4"])
async def test_a_key_may_use_its_route_in_every_spelling(plain: GateSetup, names: str) -> None:
    plain.people.add("sk-routed", allowed_routes=[AZURE.format("gpt-4")])
    answer = await plain.call("POST", AZURE.format(names), key="sk-routed", content={"messages": []})
    assert answer.status == 200


@pytest.mark.parametrize("names", ["gpt-4o", "gpt-4,gpt-4o", "gpt-4o,gpt-4", "gpt-4%2Fchat", "gpt%252D4"])
async def test_a_key_may_not_use_another_route_by_any_spelling(plain: GateSetup, names: str) -> None:
    plain.people.add("sk-routed", allowed_routes=[AZURE.format("gpt-4"), "/openai/deployments/gpt-4/embeddings"])
    answer = await plain.call("POST", AZURE.format(names), key="sk-routed", content={"messages": []})
    assert answer.status == 403
    assert not plain.forwarder.calls


@pytest.mark.parametrize("path", ["/v1/files/a%2Fcontent", "/v1/files/%61%2fcontent", "/v1/files/a%2F.."])
async def test_an_encoded_slash_in_an_id_is_no_other_route(plain: GateSetup, path: str) -> None:
    routes = ["/v1/files/{file_id}/content", "/v1/files/a/*"]
    plain.people.add("sk-routed", allowed_routes=routes)
    await plain.call("GET", path, key="sk-routed")
    assert "key_routes" in {reason["rule"] for reason in (await plain.lines())[-1]["reasons"]}


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/v1/chat/completions", [["", "v1", "chat", "completions"]]),
        ("/engines/a%2Fb/embeddings", [["", "engines", "a", "b", "embeddings"]]),
        ("/engines/a,%20b/embeddings", [["", "engines", "a", "embeddings"], ["", "engines", "b", "embeddings"]]),
        ("/engines/a%252fb/embeddings", [["", "engines", "a%2fb", "embeddings"]]),
        ("/engines/%ff/embeddings", [["", "engines", "\ufffd", "embeddings"]]),
        ("/engines/sk-learn/embeddings", [["", "engines", "sk-learn", "embeddings"]]),
        ("/engines/{path}/embeddings", [["", "engines", "{path}", "embeddings"]]),
        ("/v1beta/models/a%2Fb:countTokens", [["", "v1beta", "models", "a", "b:countTokens"]]),
        ("/threads/a%2Fb/runs", [["", "threads", "a/b", "runs"]]),
        ("/key/%73k-secret/regenerate", [["", "key", "sk-...", "regenerate"]]),
    ],
)
def test_the_segments_of_a_path(path: str, segments: list[list[str]]) -> None:
    match = ROUTER.find("POST", path)
    assert match is not None
    assert path_segments(match) == segments


def test_a_path_of_too_many_names_has_no_more_segments_than_names_are_judged() -> None:
    match = ROUTER.find("POST", "/engines/" + "a," * 5_000 + "a/embeddings")
    assert match is not None
    assert len(path_segments(match)) == 101
