"""Objects that live where a caller's lists leave nothing open: they do not exist for it (C6, C8)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.configs import Compile, config, served
from gateway.objects.gate_setup import ObjectsSetup, gate_setup
from gateway.upstream.scripted import answers
from modelward.contract import ObjectKind, StateObject, Use

BETA = {**served("gpt-4", "beta"), "model_name": "gpt-4"}
VIP = {**served("gpt-4", "vip", id="id-vip"), "model_name": "gpt-4"}
OWN = served("own", "vip", id="id-own", team_id="t2", team_public_model_name="own")
KEYS = {"id-gpt-4": "one", "id-vip": "two", "id-own": "three"}


@pytest.fixture
async def grouped(compile_config: Compile) -> AsyncIterator[ObjectsSetup]:
    """The model `gpt-4` in groups `beta` and `vip`, each in an account of its own, and a third of team `t2`."""
    async with gate_setup(compile_config(config(BETA, VIP, OWN)), accounts=KEYS) as running:
        yield running


async def _bind(
    staged: ObjectsSetup, kind: ObjectKind, id_: str, deployment: str = "id-gpt-4", owner: str = "team:t1"
) -> None:
    uses = (Use("/v1/videos", ("gpt-4",), ("gpt-4",)),) if kind == "video" else ()
    await staged.store.bind([StateObject(kind, id_, owner, deployment, uses)], [])


def _key_sent(staged: ObjectsSetup) -> str:
    return dict(staged.upstream.asked[-1].headers)["authorization"]


NAMED: list[tuple[ObjectKind, str, str, Any]] = [
    ("file", "GET", "/v1/files/x_1", None),
    ("file", "GET", "/v1/files/x_1/content", None),
    ("file", "DELETE", "/v1/files/x_1", None),
    ("file", "POST", "/v1/vector_stores", {"file_ids": ["x_1"]}),
    ("response", "GET", "/v1/responses/x_1", None),
    ("response", "DELETE", "/v1/responses/x_1", None),
    ("response", "POST", "/v1/responses/x_1/cancel", None),
    ("batch", "GET", "/v1/batches/x_1", None),
    ("batch", "POST", "/v1/batches/x_1/cancel", None),
    ("vector_store", "GET", "/v1/vector_stores/x_1", None),
    ("vector_store", "POST", "/v1/vector_stores/x_1/search", {"query": "a"}),
    ("container", "GET", "/v1/containers/x_1", None),
    ("container", "DELETE", "/v1/containers/x_1", None),
    ("conversation", "GET", "/v1/conversations/x_1", None),
    ("video", "GET", "/v1/videos/x_1", None),
    ("video", "POST", "/v1/videos/x_1/remix", {"prompt": "a lake"}),
]


@pytest.mark.parametrize(("kind", "method", "path", "body"), NAMED, ids=[f"{each[1]} {each[2]}" for each in NAMED])
async def test_an_object_is_the_callers_only_where_its_group_leads(
    grouped: ObjectsSetup, kind: ObjectKind, method: str, path: str, body: Any
) -> None:
    grouped.upstream.script = answers(200, b'{"id":"x_2"}')
    await _bind(grouped, kind, "x_1")
    grouped.asks_as("t1", "vip")
    refused = await grouped.call(method, path, body)
    assert refused.status == 404
    assert not grouped.upstream.asked
    assert (kind, "x_1", "team:t1") in grouped.store.rows
    grouped.asks_as("t1", "beta")
    assert (await grouped.call(method, path, body)).status == 200
    assert _key_sent(grouped) == "Bearer one"


async def test_a_call_of_a_model_does_not_lead_to_an_object_beyond_its_groups(grouped: ObjectsSetup) -> None:
    await _bind(grouped, "response", "resp_1")
    body = {"model": "gpt-4", "input": "hello", "previous_response_id": "resp_1"}
    grouped.asks_as("t1", "vip")
    assert (await grouped.call("POST", "/v1/responses", body)).status == 400
    assert not grouped.upstream.asked


async def test_a_change_of_the_groups_changes_what_may_be_named(grouped: ObjectsSetup) -> None:
    await _bind(grouped, "file", "file_1")
    for models, status in ((["beta"], 200), (["vip"], 404), (["beta", "vip"], 200), (["gpt-4o"], 404), ([], 200)):
        grouped.asks_as("t1", *models)
        assert (await grouped.call("GET", "/v1/files/file_1")).status == status


async def test_a_list_holds_only_what_may_be_named(grouped: ObjectsSetup) -> None:
    grouped.upstream.script = answers(200, b'{"id":"file_1"}')
    await _bind(grouped, "file", "file_1")
    grouped.asks_as("t1", "vip")
    assert (await grouped.call("GET", "/v1/files")).json()["data"] == []
    assert ("file", "file_1", "team:t1") in grouped.store.rows
    grouped.asks_as("t1", "beta")
    assert (await grouped.call("GET", "/v1/files")).json()["data"] == [{"id": "file_1"}]


async def test_a_model_in_the_query_opens_no_object(grouped: ObjectsSetup) -> None:
    await _bind(grouped, "file", "file_1")
    grouped.asks_as("t1", "vip")
    assert (await grouped.call("GET", "/v1/files?model=gpt-4")).json()["data"] == []
    assert (await grouped.call("GET", "/v1/files/file_1?model=gpt-4")).status == 404
    assert not grouped.upstream.asked


async def test_a_new_object_is_made_where_the_groups_lead(grouped: ObjectsSetup) -> None:
    grouped.upstream.script = answers(200, b'{"id":"vs_1"}')
    for group, key in (("beta", "Bearer one"), ("vip", "Bearer two")):
        grouped.asks_as("t1", group)
        assert (await grouped.call("POST", "/v1/vector_stores", {})).status == 200
        assert _key_sent(grouped) == key


async def test_a_new_object_is_made_nowhere_for_a_caller_to_whom_nothing_is_open(grouped: ObjectsSetup) -> None:
    grouped.asks_as("t1", "ghost")
    refused = await grouped.call("POST", "/v1/vector_stores", {})
    assert (refused.status, refused.error_type) == (403, "auth_error")
    assert not grouped.upstream.asked


async def test_a_deployment_of_another_team_leads_to_no_object(grouped: ObjectsSetup) -> None:
    for owner in ("team:t1", "team:t2"):
        await _bind(grouped, "container", "cntr_1", "id-own", owner)
    assert (await grouped.call("GET", "/v1/containers/cntr_1")).status == 404
    assert not grouped.upstream.asked
    grouped.asks_as("t2", "own")
    assert (await grouped.call("GET", "/v1/containers/cntr_1")).status == 200
    assert _key_sent(grouped) == "Bearer three"


async def test_an_object_goes_to_a_deployment_of_its_account_that_is_open(compile_config: Compile) -> None:
    async with gate_setup(compile_config(config(BETA, VIP)), accounts=dict.fromkeys(KEYS, "one")) as shared:
        await _bind(shared, "file", "file_1")
        shared.asks_as("t1", "vip")
        assert (await shared.call("GET", "/v1/files/file_1")).status == 200
