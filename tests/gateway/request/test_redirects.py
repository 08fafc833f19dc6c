"""Fields that would send a judged call somewhere else are refused wherever they stand (M5)."""

from collections.abc import Callable

import pytest

from gateway.gates import CHAT, GateSetup, sent
from modelward.contract import JsonObject

REDIRECTING = [
    *("api_base", "base_url", "api_key", "user_config", "model_list", "deployment_id", "specific_deployment"),
    *("model_info", "custom_llm_provider", "litellm_credential_name", "api_type", "api_version", "azure_ad_token"),
    *("azure_endpoint", "aws_role_name", "aws_region_name", "aws_bedrock_runtime_endpoint", "region_name"),
    *("vertex_project", "vertex_location", "vertex_credentials", "aws_external_id", "azure_ad_token_provider"),
    *("azure_username", "azure_password", "azure_scope", "tenant_id", "client_id", "client_secret", "organization"),
    *("extra_headers", "extra_query", "headers", "s3_endpoint_url", "s3_bucket_name", "gcs_bucket_name"),
    *("sagemaker_base_url", "deployment_url", "oci_region", "oci_compartment_id", "watsonx_region_name"),
    *("ssl_verify", "use_litellm_proxy", "litellm_embedding_config", "litellm_embedding_model"),
    *("bootstrap_host", "bootstrap_port", "bootstrap_room", "disaggregated_params"),
]

PLACES: dict[str, Callable[[JsonObject], JsonObject]] = {
    "body": lambda field: field,
    "extra_body": lambda field: {"extra_body": field},
    "fallback": lambda field: {"fallbacks": [{"model": "gpt-4", **field}]},
    "fallback of a map": lambda field: {"context_window_fallbacks": [{"gpt-4": [{"model": "gpt-4", **field}]}]},
    "overridden fallback": lambda field: {
        "router_settings_override": {"content_policy_fallbacks": [{"model": "gpt-4", **field}]}
    },
}


@pytest.mark.parametrize("place", list(PLACES))
@pytest.mark.parametrize("field", REDIRECTING)
async def test_a_field_that_redirects_is_refused(plain: GateSetup, place: str, field: str) -> None:
    answer = await plain.chat("gpt-4", **PLACES[place]({field: "x"}))
    assert (answer.status, answer.error_type) == (400, "invalid_request_error")
    assert f"{field}`" in answer.json()["error"]["message"]
    assert not plain.forwarder.calls


@pytest.mark.parametrize("value", [None, "", False, [], {}])
async def test_it_is_refused_whatever_its_value(plain: GateSetup, value: object) -> None:
    assert (await plain.chat("gpt-4", api_base=value)).status == 400


async def test_the_master_key_may_not_redirect_either(plain: GateSetup) -> None:
    assert (await plain.chat("gpt-4", key="sk-master", api_base="https://elsewhere.invalid")).status == 400


PARAMETERS: JsonObject = {
    "metadata": {"api_base": "a label", "team": "x"},
    "user": "someone",
    "store": True,
    "prompt": {"id": "pmpt_1"},
    "include": ["usage"],
    "provider": {"order": ["azure"]},
    "safety_identifier": "s",
    "service_tier": "flex",
    "tools": [{"type": "mcp", "server_url": "https://tool.invalid", "headers": {"x": "y"}}],
}


@pytest.mark.parametrize("field", list(PARAMETERS))
async def test_a_providers_own_parameter_is_forwarded(plain: GateSetup, field: str) -> None:
    assert (await plain.chat("gpt-4", **{field: PARAMETERS[field]})).status == 200
    (call,) = plain.forwarder.calls
    assert sent(call)[field] == PARAMETERS[field]


async def test_a_map_of_fallbacks_may_be_for_a_model_whose_name_begins_like_such_a_field(plain: GateSetup) -> None:
    assert (await plain.chat("gpt-4", fallbacks=[{"azure_gpt": ["gpt-4o"]}])).status == 200


IGNORED: dict[str, JsonObject] = {
    "litellm_params": {"litellm_params": {"model": "gpt-4o", "api_base": "https://elsewhere.invalid"}},
    "litellm_metadata": {"litellm_metadata": {"model_info": {"id": "id-gpt-4o"}}},
    "an overridden alias map": {"router_settings_override": {"model_group_alias": {"gpt-4": "gpt-4o"}}},
    "a client's own identity": {"metadata": {"user_api_key_team_id": "t1"}},
}


@pytest.mark.parametrize("what", list(IGNORED))
async def test_what_is_for_the_gateway_alone_is_not_forwarded(plain: GateSetup, what: str) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    assert (await plain.chat("gpt-4", key="sk-narrow", **IGNORED[what])).status == 200
    (call,) = plain.forwarder.calls
    assert sent(call) in ({"model": "gpt-4", "messages": []}, {"model": "gpt-4", "messages": [], "metadata": {}})


NO_NAMES: dict[str, JsonObject] = {
    "Model": {"Model": "gpt-4o"},
    "metadata": {"metadata": {"model": "gpt-4o"}},
    "a message": {"messages": [{"role": "user", "content": "hello", "model": "gpt-4o"}]},
    "target_model_names": {"target_model_names": "gpt-4o"},
}


@pytest.mark.parametrize("what", list(NO_NAMES))
async def test_fields_that_nobody_routes_by_name_no_model(plain: GateSetup, what: str) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    content = {"model": "gpt-4", **NO_NAMES[what]}
    assert (await plain.call("POST", CHAT, key="sk-narrow", content=content)).status == 200


@pytest.mark.parametrize("what", list(NO_NAMES))
async def test_fields_that_nobody_routes_by_do_not_stand_in_for_a_model(plain: GateSetup, what: str) -> None:
    assert (await plain.call("POST", CHAT, key="sk-any", content=NO_NAMES[what])).status == 400


async def test_a_parameter_in_capitals_names_no_model(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    answer = await plain.call("POST", f"{CHAT}?MODEL=gpt-4o", key="sk-narrow", content={"model": "gpt-4"})
    assert answer.status == 200


async def test_a_header_names_no_model(plain: GateSetup) -> None:
    plain.people.add("sk-narrow", models=["gpt-4"])
    headers = {"x-litellm-model": "gpt-4o", "x-model": "gpt-4o"}
    answer = await plain.call("POST", CHAT, key="sk-narrow", content={"model": "gpt-4"}, headers=headers)
    assert answer.status == 200
    assert plain.forwarder.calls[0].asked == "gpt-4"
