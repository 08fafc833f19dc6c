"""What travels on, and what does not."""

import httpx
import pytest

from gateway.upstream.scripted import Asked, Line, Scripted, answers
from gateway.upstream.serving import CHAT, Gateway, deployment
from harness.ports import free_port

# Odd spacing, a duplicate key and bytes that are no UTF-8: nobody may mend them.
BODY = b'{ "a":1,\r\n "a" : 2 , "caf\xe9": "\\u0041"}\n'

CREDENTIALS = [
    "x-litellm-api-key",
    "authorization",
    "api-key",
    "x-api-key",
    "x-goog-api-key",
    "ocp-apim-subscription-key",
]


async def test_an_answer_passes_byte_for_byte(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, BODY, b"content-type: application/json")
    assert (await client.post("/chat/completions", json=CHAT)).content == BODY


@pytest.mark.parametrize("status", [200, 400, 401, 404, 429, 500, 503])
async def test_a_status_passes_as_it_is(status: int, upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(status, BODY)
    answer = await client.post("/chat/completions", json=CHAT)
    assert (answer.status_code, answer.content) == (status, BODY)


async def test_a_compressed_answer_passes_as_it_is(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, b"\x00not even gzip", b"content-encoding: gzip")
    async with client.stream("POST", "/chat/completions", json=CHAT) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert b"".join([chunk async for chunk in answer.aiter_raw()]) == b"\x00not even gzip"


async def test_headers_of_the_answer_pass(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, b"{}", b"X-RateLimit-Left: 9", b"openai-processing-ms: 12", b"retry-after: 3")
    headers = (await client.post("/chat/completions", json=CHAT)).headers
    assert (headers["x-ratelimit-left"], headers["openai-processing-ms"], headers["retry-after"]) == ("9", "12", "3")


@pytest.mark.parametrize(
    "line",
    [
        *("set-cookie: a=b", "server: theirs", "alt-svc: h3", "access-control-allow-origin: *", "via: 1.1 theirs"),
        *("openai-organization: org-1", "openai-project: proj_1", "anthropic-organization-id: 1", "x-groq-region: us"),
        *(
            "x-ms-region: East US",
            "x-ms-deployment-name: d",
            "azureml-model-session: s",
            "cf-ray: 1",
            "openai-model: m",
        ),
        *("x-goog-upload-url: http://theirs", "llm_provider-x: y", "x-anything-new: 1"),
    ],
)
async def test_headers_of_the_upstream_and_its_account_stay_behind(
    line: str, upstream: Scripted, client: httpx.AsyncClient
) -> None:
    upstream.script = answers(200, b"{}", line.encode())
    headers = (await client.post("/chat/completions", json=CHAT)).headers
    name, value = line.split(": ")
    assert headers.get(name) != value


async def test_a_header_that_is_named_by_connection_stays_behind(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, b"{}", b"connection: etag", b"etag: e")
    assert "etag" not in (await client.post("/chat/completions", json=CHAT)).headers


async def test_our_own_headers_replace_the_upstreams(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, b"{}", b"X-Request-Id: theirs")
    answer = await client.post("/chat/completions", json=CHAT)
    assert answer.headers.get_list("x-request-id") == ["decision-1"]


@pytest.mark.parametrize("name", CREDENTIALS)
async def test_a_callers_credential_never_travels(name: str, upstream: Scripted, client: httpx.AsyncClient) -> None:
    await client.post("/chat/completions", json=CHAT, headers={name: "sk-of-the-caller"})
    assert "sk-of-the-caller" not in str(upstream.asked[0].headers)


async def test_only_a_few_headers_of_the_client_travel(upstream: Scripted, client: httpx.AsyncClient) -> None:
    sent = {"accept": "text/x", "openai-beta": "v2", "cookie": "a=b", "x-litellm-tags": "t", "openai-organization": "o"}
    await client.post("/chat/completions", json=CHAT, headers=sent)
    assert dict(upstream.asked[0].headers) == {
        "host": f"127.0.0.1:{upstream.port}",
        "content-type": "application/json",
        "content-length": str(len(upstream.asked[0].body)),
        "accept-encoding": "identity",
        "user-agent": "modelward",
        "authorization": "Bearer sk-upstream-secret",
        "accept": "text/x",
        "openai-beta": "v2",
    }


async def test_the_body_is_written_anew_with_the_upstreams_name(upstream: Scripted, client: httpx.AsyncClient) -> None:
    twice = b'{"model": "gpt-9", "model": "gpt-4o", "messages": [], "temperature": 0.5}'
    await client.post("/chat/completions", content=twice)
    assert upstream.asked[0].body == b'{"model":"real-gpt","messages":[],"temperature":0.5}'


@pytest.mark.parametrize("operation", ["chat/completions", "completions", "embeddings"])
async def test_an_operation_goes_to_its_own_path(operation: str, upstream: Scripted, client: httpx.AsyncClient) -> None:
    await client.post(f"/{operation}", json=CHAT)
    assert upstream.asked[0].target == f"/v1/{operation}"


async def test_azure_is_asked_by_deployment_and_key_header(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    base = upstream.address.removesuffix("/v1")
    proxy.deployments = [deployment(base, provider="azure", model="my-gpt", api_version="2025-01-01-preview")]
    await client.post("/chat/completions", json=CHAT)
    asked = upstream.asked[0]
    assert asked.target == "/openai/deployments/my-gpt/chat/completions?api-version=2025-01-01-preview"
    assert dict(asked.headers)["api-key"] == "sk-upstream-secret"
    assert "authorization" not in dict(asked.headers)


@pytest.mark.parametrize(
    "name", ["a/../../../admin", "a?api-version=1", "a#b", "a%2Fb", "a%2e%2e/b", "a b", "é", "a;b"]
)
async def test_a_name_stays_within_its_segment_of_azures_path(
    name: str, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    base = upstream.address.removesuffix("/v1")
    proxy.deployments = [deployment(base, entry="*", provider="azure", model="*", api_version="v")]
    await client.post("/chat/completions", json=CHAT | {"model": name})
    path, _, query = upstream.asked[0].target.partition("?")
    assert [part for part in path.split("/") if part][:2] == ["openai", "deployments"]
    assert path.count("/") == 5
    assert httpx.URL(f"http://h/{path.split('/')[3]}").path == f"/{name}"
    assert query == "api-version=v"
    assert upstream.asked[0].json()["model"] == name


async def test_a_redirect_is_not_followed_nor_passed_on(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(307, b"", b"location: http://127.0.0.1:1/elsewhere")
    answer = await client.post("/chat/completions", json=CHAT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_redirected")
    assert "location" not in answer.headers
    assert len(upstream.asked) == 1


async def test_cookies_are_not_kept_between_callers(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(f"http://localhost:{upstream.port}/v1")]
    upstream.script = answers(200, b"{}", b"set-cookie: session=of-one-caller; Path=/")
    await client.post("/chat/completions", json=CHAT)
    await client.post("/chat/completions", json=CHAT)
    assert "cookie" not in dict(upstream.asked[1].headers)


async def test_one_connection_serves_many_calls(upstream: Scripted, client: httpx.AsyncClient) -> None:
    ports: set[object] = set()

    async def note(asked: Asked, line: Line) -> None:
        ports.add(line.writer.get_extra_info("peername"))
        await answers()(asked, line)

    upstream.script = note
    for _ in range(3):
        await client.post("/chat/completions", json=CHAT)
    assert len(ports) == 1


async def test_a_proxy_in_the_environment_is_not_used(
    upstream: Scripted, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert (await client.post("/chat/completions", json=CHAT)).status_code == 200


async def test_an_empty_answer_passes_whole(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(200, b"")
    answer = await client.post("/chat/completions", json=CHAT)
    assert (answer.status_code, answer.content) == (200, b"")
