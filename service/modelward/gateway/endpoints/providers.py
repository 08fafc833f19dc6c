"""Paths of other providers' styles: Anthropic's, Azure's, Bedrock's, Google's and watsonx's."""

from collections.abc import Iterator
from dataclasses import replace

from modelward.contract import ObjectKind
from modelward.gateway.endpoints.mounts import DELETE, GET, LLM, MESSAGE, OPENAI, POST
from modelward.gateway.endpoints.openai import CONTENT, OPERATIONS
from modelward.gateway.routes import NESTED, Route, Shape, UpstreamCall

# Messages that lay in further tools, and what is left of such ones after a compaction.
WITH_TOOL_CHANGES = (
    *NESTED,
    "messages[].content[]?.tool.definition.model",
    "messages[].content[]?.tool_changes[].tool.definition.model",
)

# Examples of what a tool takes are the caller's own data, as messages are.
MESSAGE_CONTENT = ("messages", "system", "tools[].input_examples")

_PREFIXES = ("", "/anthropic")
Made = tuple[tuple[str, ObjectKind], ...]

_BATCH = Shape("", frozenset({"requests"}))
_CALL = Shape("requests[]", frozenset({"custom_id", "params"}), frozenset({"params"}))
_PAGING = ("after_id", "before_id", "limit")


def _rows() -> Iterator[Route]:
    for path in ("messages", "messages/count_tokens"):
        call = UpstreamCall("anthropic", path)
        row = Route(POST, f"/v1/{path}", "infer", LLM, "forward", call, nested=WITH_TOOL_CHANGES)
        yield replace(row, content=MESSAGE_CONTENT, makes=MESSAGE if path == "messages" else row.makes)
    path, one = "messages/batches", "messages/batches/{message_batch_id}"
    call = UpstreamCall("anthropic", path)
    made: Made = (("id", "message_batch"),)
    row = Route(POST, f"/v1/{path}", "infer", LLM, "forward", call, within="requests[].params", makes=made)
    yield replace(row, nested=WITH_TOOL_CHANGES, content=MESSAGE_CONTENT, shapes=(_BATCH, _CALL))
    yield Route(GET, f"/v1/{path}", "state", LLM, "objects", call, "none", holds="message_batch", passes=_PAGING)
    for methods, rest, makes in ((GET, "", made), (DELETE, "", ()), (GET, "/results", ()), (POST, "/cancel", made)):
        reads = "json" if methods == POST else "none"
        upstream = UpstreamCall("anthropic", one + rest)
        row = Route(methods, f"/v1/{one}{rest}", "state", LLM, "forward", upstream, reads, holds="message_batch")  # type: ignore[arg-type]
        yield replace(row, makes=makes)


ANTHROPIC: tuple[Route, ...] = tuple(
    replace(row, template=prefix + row.template) for prefix in _PREFIXES for row in _rows()
)


_DEPLOYMENTS = (("/openai/deployments", OPENAI), ("/azure/openai/deployments", LLM))
_ENGINES = ("/engines", "/v1/engines")
_ON_ENGINES = ("chat/completions", "completions", "embeddings")


def _at_deployments() -> tuple[Route, ...]:
    return tuple(
        Route(
            POST,
            f"{prefix}/{{model}}/{path}",
            "infer",
            groups,
            "forward",
            UpstreamCall("openai", path, per_deployment=True),
            reads,
            nested=(*NESTED, "svg.model"),
            content=CONTENT[path],
        )
        for prefix, groups in _DEPLOYMENTS
        for path, reads in OPERATIONS
    )


def _at_engines() -> tuple[Route, ...]:
    return tuple(
        Route(
            POST,
            f"{prefix}/{{model}}/{path}",
            "infer",
            OPENAI,
            "forward",
            UpstreamCall("openai", path, per_deployment=True),
            content=CONTENT[path],
        )
        for prefix in _ENGINES
        for path in _ON_ENGINES
    )


AZURE: tuple[Route, ...] = (*_at_deployments(), *_at_engines())


# The model's own fields, as `invoke` takes them.
_NATIVE = "additionalModelRequestFields"
_NESTED = (*WITH_TOOL_CHANGES, *(f"{_NATIVE}.{where}" for where in ("model", *WITH_TOOL_CHANGES)))
_BEDROCK_CONTENT = (
    *("prompt", "promptVariables", "requestMetadata", *MESSAGE_CONTENT),
    *(f"{_NATIVE}.{where}" for where in MESSAGE_CONTENT),
)
_VERBS = ("invoke", "invoke-with-response-stream", "converse", "converse-stream")

BEDROCK: tuple[Route, ...] = tuple(
    Route(
        POST,
        f"/bedrock/model/{{model}}/{verb}",
        "infer",
        LLM,
        "forward",
        UpstreamCall("bedrock", f"model/{{model}}/{verb}"),
        nested=_NESTED,
        content=_BEDROCK_CONTENT,
    )
    for verb in _VERBS
)


_GEMINI = ("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents")
_VERTEX = (
    *("predict", "rawPredict", "streamRawPredict", "generateContent", "streamGenerateContent"),
    *("countTokens", "embedContent"),
)
_VERSIONS = ("", "/v1", "/v1beta1")
_LOCATIONS = ("/projects/{project}/locations/{location}", "")
_ON_VERTEX = tuple(f"/vertex_ai{version}{location}/publishers" for version in _VERSIONS for location in _LOCATIONS)

# A whole call, in either of the spellings that Google reads.
_CALLS = ("generateContentRequest", "generate_content_request")
_GOOGLES = (*(f"{call}.{where}" for call in _CALLS for where in ("model", *NESTED)), "requests[].model")
_GOOGLE_CONTENT = ("content", "contents", "labels", "requests[].content", "systemInstruction", "system_instruction")
_OF_GOOGLE = (*_GOOGLE_CONTENT, *(f"{call}.{where}" for call in _CALLS for where in _GOOGLE_CONTENT))


def _gemini(verb: str) -> Route:
    call = UpstreamCall("google", f"models/{{model}}:{verb}")
    template = f"/v1beta/models/{{model}}:{verb}"
    return _row(template, call, (*NESTED, *_GOOGLES), _OF_GOOGLE)


def _vertex(prefix: str, verb: str) -> Route:
    call = UpstreamCall("vertex", f"publishers/{{publisher}}/models/{{model}}:{verb}")
    template = f"{prefix}/{{publisher}}/models/{{model}}:{verb}"
    return _row(template, call, (*WITH_TOOL_CHANGES, *_GOOGLES), (*MESSAGE_CONTENT, *_OF_GOOGLE))


def _row(template: str, call: UpstreamCall, nested: tuple[str, ...], content: tuple[str, ...]) -> Route:
    return Route(POST, template, "infer", LLM, "forward", call, nested=nested, content=content, passes=("alt",))


GOOGLE: tuple[Route, ...] = (
    *map(_gemini, _GEMINI),
    *(_vertex(prefix, verb) for prefix in _ON_VERTEX for verb in _VERTEX),
)


_PATHS = ("chat", "chat_stream", "generation", "generation_stream", "embeddings")

WATSONX: tuple[Route, ...] = tuple(
    Route(
        POST,
        f"/watsonx/ml/v1/text/{path}",
        "infer",
        LLM,
        "forward",
        UpstreamCall("watsonx", f"ml/v1/text/{path}"),
        names=("model_id", "model"),
        content=("input", "inputs", "messages"),
        passes=("version",),
    )
    for path in _PATHS
)
