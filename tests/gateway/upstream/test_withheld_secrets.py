"""A deployment's key that its upstream repeats never reaches the client (K4)."""

import base64
import re
from urllib.parse import quote

import httpx
import pytest

from gateway.upstream.scripted import EVENT_STREAM, Asked, Line, Scripted, answers
from gateway.upstream.serving import CHAT, Gateway, deployment
from modelward.gateway.upstream.withheld import WithheldSecrets, secrets_of

KEY = "sk-upstream-secret"

FORMS = {
    "plain": KEY,
    "bearer": f"Bearer {KEY}",
    "base64": base64.b64encode(KEY.encode()).decode(),
    "base64 of one byte and the key": base64.b64encode(b":" + KEY.encode()).decode(),
    "base64 of a name and the key": base64.b64encode(b"me:" + KEY.encode() + b"!").decode(),
    "hexadecimal": KEY.encode().hex(),
}


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
@pytest.mark.parametrize("form", FORMS)
async def test_no_answer_repeats_the_key(status: int, form: str, upstream: Scripted, client: httpx.AsyncClient) -> None:
    body = f'{{"error": {{"message": "wrong key {FORMS[form]} was sent"}}}}'.encode()
    upstream.script = answers(status, body, b"content-type: application/json")
    answer = await client.post("/chat/completions", json=CHAT)
    assert answer.status_code == status
    assert len(answer.content) == len(body)
    assert answer.json()["error"]["message"].startswith("wrong key ")
    assert KEY not in answer.text
    assert FORMS[form][4:-4] not in answer.text


async def test_the_key_is_found_where_chunks_meet(upstream: Scripted, client: httpx.AsyncClient) -> None:
    async def script(_: Asked, line: Line) -> None:
        await line.say(EVENT_STREAM)
        for part in (b'data: {"error": "sk-up', b"stream-", b'secret"}\n\n', b"data: sk-upstream-other\n\n"):
            await line.chunk(part)
        await line.chunk(b"")

    upstream.script = script
    answer = await client.post("/chat/completions", json=CHAT)
    assert answer.text == 'data: {"error": "' + "*" * len(KEY) + '"}\n\ndata: sk-upstream-other\n\n'


async def test_a_header_that_repeats_the_key_stays_behind(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(401, b"{}", f"etag: {KEY}".encode(), b"retry-after: 3")
    answer = await client.post("/chat/completions", json=CHAT)
    assert ("etag" in answer.headers, answer.headers["retry-after"]) == (False, "3")


async def test_a_compressed_error_is_replaced_by_one_of_our_own(upstream: Scripted, client: httpx.AsyncClient) -> None:
    upstream.script = answers(429, b"\x00not even gzip", b"content-encoding: gzip")
    answer = await client.post("/chat/completions", json=CHAT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "upstream_encoded")


@pytest.mark.parametrize(("status", "text"), [(401, "**** is a word"), (200, "none is a word")])
async def test_a_key_that_may_be_a_word_is_replaced_in_errors_alone(
    status: int, text: str, upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(upstream.address, api_key="none")]
    upstream.script = answers(status, b"none is a word")
    assert (await client.post("/chat/completions", json=CHAT)).text == text


async def test_the_organization_that_pays_is_sent_and_not_repeated(
    upstream: Scripted, proxy: Gateway, client: httpx.AsyncClient
) -> None:
    proxy.deployments = [deployment(upstream.address, organization="org-of-the-operator")]
    upstream.script = answers(429, b"too many in org-of-the-operator", b"openai-organization: org-of-the-operator")
    answer = await client.post("/chat/completions", json=CHAT, headers={"openai-organization": "org-of-the-client"})
    assert dict(upstream.asked[0].headers)["openai-organization"] == "org-of-the-operator"
    assert answer.text == "too many in *******************"
    assert "openai-organization" not in answer.headers


def passed_on(secrets: WithheldSecrets, *chunks: bytes) -> bytes:
    """What is passed on of these chunks."""
    passed, kept = b"", b""
    for chunk in chunks:
        ready, kept = secrets.split(kept + chunk)
        passed += ready
    return passed + kept


@pytest.mark.parametrize("key", ['sk-a/b+c d%é"\\', "aaaaaaaaab", "sk-" + "x" * 200])
def test_a_key_is_found_wherever_chunks_are_cut(key: str) -> None:
    secrets = secrets_of(key)
    percent = quote(key, safe="")
    for form in (key, percent, re.sub("%..", lambda escape: escape[0].lower(), percent)):
        text = f"before {form} and {form}{form[:5]}".encode()
        for cut in range(len(text)):
            found = passed_on(secrets, text[:cut], text[cut : cut + 3], text[cut + 3 :])
            assert len(found) == len(text)
            assert form.encode() not in found


def test_what_only_begins_like_the_key_is_passed_on_whole() -> None:
    text = b"data: sk-upstream-sec\n\ndata: sk-up"
    assert passed_on(secrets_of(KEY), text[:20], text[20:]) == text


def test_a_chunk_that_ends_like_no_key_waits_for_nothing() -> None:
    assert secrets_of(KEY).split(b"data: one\n\n") == (b"data: one\n\n", b"")


def test_no_secret_shows_in_a_repr() -> None:
    assert KEY not in repr(secrets_of(KEY))
