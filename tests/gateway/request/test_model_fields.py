"""A field that says it names a model is refused wherever no model is judged, and nothing else is (M7)."""

import tracemalloc
from typing import Any

import pytest

from gateway.table_bodies import match_of, merged, put
from harness.tables import for_each
from modelward.errors import Invalid
from modelward.gateway.endpoints import FRAMES, ROUTES
from modelward.gateway.request.body import laid_out
from modelward.gateway.request.footprint import footprint
from modelward.gateway.request.places import says_model
from modelward.gateway.routes import Route, Router

ROUTER = Router(ROUTES)
REFUSED = "it says that it names a model"

SAYING = [
    *(
        "model",
        "models",
        "base_model",
        "draft_models",
        "model_name",
        "model_id",
        "embedding_model_name",
        "llm_model_id",
    ),
    *("modelId", "modelName", "baseModel", "fallbackModel", "fallbackModels", "judgeModelId", "LLMModel", "model-id"),
    *("MODELS", "MODEL_ID", "Model_Name", "modelname", "model.name", "safety_model", "speculative_model"),
    "model\u017f",
    *("lora", "lora_request", "loraName", "lora_path", "adapter", "adapter_id", "adapterName", "adapters", "base_lora"),
    *("model1", "model_2", "modelfile", "model_to_use", "model_dir"),
    *("kv_transfer_params", "prompt_id", "promptId", "deployment", "deployment_name", "deploymentId", "llm", "llms"),
    *("mOdEl", "moDel", "baseMoDel", "modelS", "lOrA", "loRaPath", "LLMs", "KVTransferparams", "PROMPTID", "promptid"),
    *(
        "modelUUID",
        "model_handle",
        "model_no",
        "model_a",
        "modelA",
        "models_to_try",
        "default_model_spec",
        "fallbackOrder",
    ),
    *("model_display_name", "primaryModelEngine", "model_candidates", "llm_priority", "deployment_target"),
    *("model_group", "model_alias", "model_list", "model_version", "model_uri", "model_key", "fallback", "x_fallbacks"),
]
PLAIN = [
    *("mode", "modelling", "modality", "modalities", "model_kwargs", "additionalModelRequestFields", "modeling"),
    *("additionalModelResponseFieldPaths", "adaptive_thinking", "explorative", "user", "temperature", "engine"),
    *("model_settings", "modelOptions", "model_input", "model_output", "modelArmorConfig", "fallback_credit_token"),
    *("", " model", "model\0", "m\u043edel", "provider", "service_tier", "tool_choice", "thinking_level", "deploy"),
]


@for_each("name", SAYING)
def test_a_name_says_that_it_names_a_model(name: str) -> None:
    assert says_model(name)


@pytest.mark.parametrize("name", PLAIN)
def test_any_other_name_says_nothing(name: str) -> None:
    assert not says_model(name)


def test_a_long_name_is_read_like_a_short_one() -> None:
    assert says_model("x" * 100_000 + "_model")
    for name in ("model" * 100_000, "model" + "1" * 100_000, "model" + "_id" * 100_000, "a_" * 100_000):
        assert not says_model(name + "x")


def test_long_names_are_not_kept() -> None:
    tracemalloc.start()
    try:
        assert not any(says_model(f"{number}_" + "x" * 100_000) for number in range(50))
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


BODIES = [row for row in ROUTES if row.operation in {"infer", "state"} and row.reads != "none"]
ROWS = [*{(row.upstream, row.nested, row.content): row for row in BODIES}.values(), *FRAMES.values()]
EACH_ROW = for_each("row", ROWS, ids=lambda row: f"{row.handler} {row.template}")
DEPTHS = ("{}", "x.{}", "x[].{}", "x.y[].z.{}", "x[].y.metadatas.{}")


def read(row: Route, body: dict[str, Any]) -> list[str]:
    """The models that a body names beside `own`. Raises Invalid for what is refused."""
    if row.within is None:
        body = merged(put(row.names[0], "own"), body)
    elif row.within.partition("[")[0] not in body.get("extra_body", {}):
        body = merged(put(row.within, put(row.names[0], "own")), body)
    return footprint(match_of(row), b"", laid_out(row, body)).models


def holders(row: Route, body: dict[str, Any]) -> list[dict[str, Any]]:
    """The body as it is, in `extra_body`, and as the call within one."""
    if row.within is not None:
        return [put(row.within, body), {"extra_body": put(row.within, body)}]
    return [body, {"extra_body": body}]


@EACH_ROW
@pytest.mark.parametrize("depth", DEPTHS)
def test_such_a_field_is_refused_at_any_depth_of_any_body(row: Route, depth: str) -> None:
    for name in ("hidden_model", "modelName", "lora_request", "kv_transfer_params"):
        for body in holders(row, put(depth.format(name), "hidden")):
            with pytest.raises(Invalid, match=REFUSED):
                read(row, body)


@EACH_ROW
def test_no_value_of_another_field_switches_that_off(row: Route) -> None:
    for word in ({"type": "function"}, {"type": "object"}, {"type": "metadata"}, {"role": "user"}, {"enabled": False}):
        with pytest.raises(Invalid, match=REFUSED):
            read(row, {"x": {"hidden_model": "hidden", **word}})


@pytest.mark.parametrize("value", ["a", "", 1, 1.5, ["a"], [], {"a": "b"}, {}, [["a"]]])
def test_any_value_that_could_be_a_name_is_refused(value: object) -> None:
    with pytest.raises(Invalid, match=REFUSED):
        read(CHAT, {"x": {"base_model": value}})


@pytest.mark.parametrize("value", [None, True, False])
def test_a_value_that_can_be_no_name_is_taken(value: object) -> None:
    assert read(CHAT, {"x": {"base_model": value}, "allow_fallbacks": value}) == ["own"]


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(Invalid, match=r"`x\[0\]\.y\.base_model` may not be sent"):
        read(CHAT, {"x": [{"y": {"base_model": "hidden"}}]})
    with pytest.raises(Invalid, match=r"`x\.base_model` may not be sent"):
        read(CHAT, {"extra_body": {"x": {"base_model": "hidden"}}})


def test_the_refusal_shows_no_key() -> None:
    with pytest.raises(Invalid) as caught:
        read(CHAT, {"sk-secret": {"base_model": "hidden"}})
    assert "secret" not in str(caught.value)


def row_of(template: str) -> Route:
    """The row of that template that takes a body."""
    return next(row for row in BODIES if row.template == template)


CHAT = row_of("/v1/chat/completions")


def test_engine_names_a_model_at_the_top_of_a_call_only() -> None:
    for name in ("engine", "Engine", "eNgine", "engineID", "ENGINE_NAME"):
        with pytest.raises(Invalid, match=REFUSED):
            read(CHAT, {name: "davinci"})
    assert read(CHAT, {"plugins": [{"id": "web", "engine": "exa"}]}) == ["own"]


SCHEMA = {
    "type": "object",
    "properties": {
        "model": {"type": "string", "enum": ["a"], "default": "a"},
        "models": {"type": "array", "items": {"type": "object", "properties": {"model_id": {"type": "string"}}}},
        "lora": True,
        "car": {"$ref": "#/$defs/model"},
    },
    "$defs": {"model": {"type": "object", "properties": {"baseModel": {"type": "string"}}, "required": ["baseModel"]}},
    "dependentRequired": {"model": ["models"]},
    "default": {"model": "a"},
    "examples": [{"model": "a", "models": [{"model_id": "b"}]}],
    "required": ["model"],
}
ARGUMENTS = {"model": "a", "nested": {"models": ["b"], "lora": "c"}}

FREE: dict[str, tuple[str, dict[str, Any]]] = {
    "chat: a tool's schema": (
        "/v1/chat/completions",
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA}}]},
    ),
    "chat: a function's schema": ("/v1/chat/completions", {"functions": [{"name": "f", "parameters": SCHEMA}]}),
    "chat: the answer's schema": (
        "/v1/chat/completions",
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}},
    ),
    "chat: a schema as vLLM takes it": ("/v1/chat/completions", {"structured_outputs": {"json": SCHEMA}}),
    "chat: messages": (
        "/v1/chat/completions",
        {
            "messages": [
                {"role": "user", "model": "a", "content": [{"type": "text", "text": "x", "model": "b"}]},
                {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": ARGUMENTS}}]},
            ]
        },
    ),
    "chat: metadata": ("/v1/chat/completions", {"metadata": {"model": "a", "base_model": "b"}}),
    "chat: metadata of LiteLLM": ("/v1/chat/completions", {"litellm_metadata": {"model": "a"}}),
    "chat: what is not forwarded": (
        "/v1/chat/completions",
        {"litellm_params": {"model": "a"}, "router_settings_override": {"model_group_alias": {"a": "b"}}},
    ),
    "chat: documents": ("/v1/chat/completions", {"documents": [{"text": "x", "model": "a"}]}),
    "chat: a prediction": ("/v1/chat/completions", {"prediction": {"type": "content", "content": [ARGUMENTS]}}),
    "chat: other letters": ("/v1/chat/completions", {"MODEL": "a"}),
    "chat: names of guardrails": ("/v1/chat/completions", {"guardrails": ["a"]}),
    "embeddings: input": ("/v1/embeddings", {"input": [{"text": "x", "model": "a"}]}),
    "rerank: documents": ("/rerank", {"query": {"model": "a"}, "documents": [{"model": "a"}]}),
    "responses: a tool's schema": (
        "/v1/responses",
        {"tools": [{"type": "function", "name": "f", "parameters": SCHEMA}]},
    ),
    "responses: the answer's schema": ("/v1/responses", {"text": {"format": {"name": "x", "schema": SCHEMA}}}),
    "responses: items": (
        "/v1/responses",
        {"input": [{"type": "function_call", "arguments": "{}", "svg_usage": {"model": "a"}}, ARGUMENTS]},
    ),
    "responses: a template's variables": ("/v1/responses", {"prompt": {"id": "p", "variables": {"model": "a"}}}),
    "conversations: items": ("/v1/conversations", {"items": [ARGUMENTS]}),
    "files of a store: attributes": ("/v1/vector_stores/{vector_store_id}/files", {"attributes": {"model": "a"}}),
    "evals: rows": (
        "/v1/evals/{eval_id}/runs",
        {"data_source": {"source": {"type": "file_content", "content": [{"item": {"model": "a"}}]}}},
    ),
    "messages: a tool's schema": (
        "/v1/messages",
        {"tools": [{"name": "f", "input_schema": SCHEMA, "input_examples": [ARGUMENTS]}]},
    ),
    "messages: what a tool takes and gives": (
        "/v1/messages",
        {
            "messages": [
                {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": ARGUMENTS}]},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [ARGUMENTS]}]},
            ]
        },
    ),
    "messages in a batch": (
        "/v1/messages/batches",
        {"requests": [{"params": {"messages": [ARGUMENTS], "tools": [{"name": "f", "input_schema": SCHEMA}]}}]},
    ),
    "Gemini: a tool's schema": (
        "/v1beta/models/{model}:generateContent",
        {
            "tools": [
                {
                    "functionDeclarations": [
                        {"name": "f", "parameters": SCHEMA, "response": SCHEMA},
                        {"name": "g", "parametersJsonSchema": SCHEMA, "responseJsonSchema": SCHEMA},
                    ]
                }
            ]
        },
    ),
    "Gemini: contents": (
        "/v1beta/models/{model}:generateContent",
        {
            "contents": [
                {"parts": [{"functionCall": {"name": "f", "args": ARGUMENTS}}, {"functionResponse": ARGUMENTS}]}
            ]
        },
    ),
    "Gemini: the answer's schema": (
        "/v1beta/models/{model}:generateContent",
        {"generationConfig": {"responseSchema": SCHEMA, "responseJsonSchema": SCHEMA}},
    ),
    "Gemini: a whole call": (
        "/v1beta/models/{model}:countTokens",
        {"generateContentRequest": {"contents": [{"parts": [{"functionCall": {"args": ARGUMENTS}}]}]}},
    ),
    "Vertex: labels": ("/vertex_ai/publishers/{publisher}/models/{model}:generateContent", {"labels": {"model": "a"}}),
    "Vertex: messages": (
        "/vertex_ai/publishers/{publisher}/models/{model}:rawPredict",
        {"messages": [{"content": [{"type": "tool_use", "input": ARGUMENTS}]}]},
    ),
    "Bedrock: a tool's schema": (
        "/bedrock/model/{model}/converse",
        {"toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": SCHEMA}}}]}},
    ),
    "Bedrock: what a tool takes": (
        "/bedrock/model/{model}/converse",
        {
            "messages": [{"content": [{"toolUse": {"name": "f", "input": ARGUMENTS}}]}],
            "promptVariables": {"model": {"text": "a"}},
            "requestMetadata": {"model": "a"},
            "additionalModelRequestFields": {"top_k": 5},
            "additionalModelResponseFieldPaths": ["/stop_sequence"],
        },
    ),
    "watsonx: messages": ("/watsonx/ml/v1/text/chat", {"messages": [{"tool_calls": [ARGUMENTS]}]}),
}


@pytest.mark.parametrize("case", FREE)
def test_the_callers_own_words_and_schemas_are_free(case: str) -> None:
    template, body = FREE[case]
    row = row_of(template)
    for each in holders(row, body) if row.within is None else [body]:
        assert read(row, each) == ["own"]


SCHEMAS = ("tools[].parameters", "tools[].function.parameters", "response_format.json_schema.schema", "x.schema")


def test_what_only_looks_like_a_schema_is_none() -> None:
    for where in ("plugins[]", "x", "x[].y"):
        with pytest.raises(Invalid, match=REFUSED):
            read(CHAT, merged(put(where, {"properties": {}}), put(f"{where}.default.base_model", "hidden")))


@pytest.mark.parametrize("where", SCHEMAS)
def test_a_schema_is_no_hiding_place(where: str) -> None:
    inside = ("models[]", "properties.model_name", "properties.x.base_model", "items.lora", "x.properties.model_id")
    for place in (*inside, "definitions.models[]", "properties.x.properties.model", "oneOf[].adapter_id"):
        with pytest.raises(Invalid, match=REFUSED):
            read(CHAT, merged(put(where, {"type": "object"}), put(f"{where}.{place}", "hidden")))


DEEPER: dict[str, tuple[str, dict[str, Any]]] = {
    "tools that an item lays in": ("/v1/responses", put("input[].tools[].parameters.model", "hidden")),
    "tools that a message lays in": ("/v1/messages", put("messages[].content[].tool.definition.base_model", "hidden")),
    "tools of a conversation": ("/v1/conversations", put("items[].tools[].parameters.model", "hidden")),
}


@pytest.mark.parametrize("case", DEEPER)
def test_tools_within_messages_are_no_content(case: str) -> None:
    template, body = DEEPER[case]
    with pytest.raises(Invalid, match=REFUSED):
        read(row_of(template), body)


@pytest.mark.parametrize("tools", ["text", 1, {"model": "a"}])
def test_tools_of_an_item_that_are_no_list_are_refused(tools: object) -> None:
    with pytest.raises(Invalid, match=r"`input\[0\]\.tools` must be a list"):
        read(row_of("/v1/responses"), {"input": [{"tools": tools}]})


# What providers read, each judged as a name or refused.
PROVIDERS_FIELDS: list[tuple[str, str]] = [
    *(("openrouter", where) for where in ("models[]", "plugins[].model", "plugins[].allowed_models[]", "preset")),
    *(("openrouter", where) for where in ("plugins[].analysis_models[]", "tools[].parameters.analysis_models[]")),
    *(("openrouter", where) for where in ("tools[].parameters.model", "tools[].parameters.advisors[].model")),
    *(("openrouter", where) for where in ("tools[].parameters.tools[].parameters.model", "tools[].model")),
    *(("groq", f"compound_custom.models.{name}") for name in ("answering_model", "reasoning_model", "x")),
    *(("mistral", f"guardrails[].moderation_llm_v{version}.model_name") for version in (1, 2)),
    *(
        ("hosted_vllm", name)
        for name in ("lora_request.lora_name", "lora_request.lora_path", "lora_name", "lora_int_id")
    ),
    *(("hosted_vllm", name) for name in ("kv_transfer_params.remote_engine_id", "draft_model", "speculative_model")),
    ("vercel_ai_gateway", "providerOptions.gateway.models[]"),
    ("vercel_ai_gateway", "providerOptions.x.models[]"),
    ("together_ai", "safety_model"),
    ("fireworks_ai", "draft_model"),
    ("llama.cpp", "lora[].id"),
    ("cloudflare", "lora"),
    ("predibase", "adapter_id"),
    ("predibase", "parameters.adapter_source"),
    ("sagemaker", "target_model"),
    ("databricks", "custom_inputs.model_name"),
    ("portkey", "prompt_id"),
    ("azure", "data_sources[].parameters.embedding_dependency.deployment_name"),
    ("azure", "x.embedding_dependency.deployment_name"),
    ("openai", "moderation.model"),
    ("openai", "tools[].svg.model"),
    ("openai", "engine"),
    ("litellm", "litellm_embedding_model"),
    ("litellm", "x.litellm_embedding_model"),
    ("watsonx", "x.model_id"),
    ("cohere", "rerank_model"),
    ("replicate", "model_version"),
    ("xai", "search_parameters.model"),
    ("perplexity", "search_model"),
]


@pytest.mark.parametrize(("provider", "where"), PROVIDERS_FIELDS)
def test_what_a_provider_reads_as_a_model_is_judged_or_refused(provider: str, where: str) -> None:
    for body in (put(where, "hidden"), {"extra_body": put(where, "hidden")}):
        try:
            judged = read(CHAT, body)
        except Invalid:
            continue
        assert judged == ["own", "hidden"], provider


def test_a_providers_own_places_are_judged() -> None:
    for where in ("plugins[].model", "compound_custom.models.reasoning_model", "providerOptions.gateway.models[]"):
        assert read(CHAT, put(where, "hidden")) == ["own", "hidden"]


RUNNING: list[dict[str, Any]] = [
    {"tools": [{"type": "openrouter:advisor"}]},
    {"tools": [{"type": "openrouter:advisor", "parameters": {"name": "reviewer"}}]},
    {"tools": [{"type": "openrouter:advisor", "parameters": {"model": None}}]},
    {"tools": [{"type": "openrouter:image_generation", "parameters": {"size": "1:1"}}]},
    {"tools": [{"type": "openrouter:subagent"}]},
    {"tools": [{"type": "openrouter:fusion", "parameters": {"model": "own"}}]},
    {"tools": [{"type": "openrouter:fusion", "parameters": {"model": "own", "analysis_models": []}}]},
    {"tools": [{"type": "openrouter:of_tomorrow"}]},
    {"tools": [{"type": "OpenRouter:Advisor"}]},
    {
        "tools": [
            {"type": "openrouter:advisor", "parameters": {"model": "own", "tools": [{"type": "openrouter:advisor"}]}}
        ]
    },
    {"plugins": [{"id": "fusion"}]},
    {"plugins": [{"id": "fusion", "enabled": False, "model": "own"}]},
    {"input": [{"type": "additional_tools", "tools": [{"type": "openrouter:advisor"}]}]},
    {"guardrails": [{"moderation_llm_v2": {"custom_category_thresholds": {}}}]},
]


@pytest.mark.parametrize("body", RUNNING, ids=str)
def test_a_tool_or_plugin_that_would_run_a_model_of_the_providers_choice_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="names no model"):
        read(row_of("/v1/responses"), body)


@pytest.mark.parametrize(
    "body",
    [
        {"tools": [{"type": "openrouter:advisor", "parameters": {"model": "own"}}]},
        {
            "tools": [
                {"type": "openrouter:web_search", "parameters": {"engine": "exa"}},
                {"type": "openrouter:datetime"},
            ]
        },
        {"plugins": [{"id": "web"}, {"id": "file-parser", "pdf": {"engine": "native"}}, {"id": "response-healing"}]},
        {"plugins": [{"id": "fusion", "model": "own", "analysis_models": ["own"]}]},
        {"guardrails": [{"moderation_llm_v2": None, "moderation_llm_v1": {"model_name": "own"}}]},
    ],
    ids=str,
)
def test_those_that_name_their_model_or_run_none_are_taken(body: dict[str, Any]) -> None:
    assert read(CHAT, body) == ["own"]


def test_a_body_of_as_many_values_as_are_taken_is_read() -> None:
    deep: dict[str, Any] = {"x": [{"y": index} for index in range(300_000)]}
    assert read(CHAT, deep) == ["own"]


@for_each("row", ROUTES, ids=lambda row: f"{row.template} {row.handler}")
def test_no_parameter_of_a_query_that_travels_says_that_it_names_a_model(row: Route) -> None:
    assert not [name for name in row.passes if says_model(name)]
