"""Bedrock's paths: the model, or its ARN, is percent-encoded in the path."""

from modelward.gateway.endpoints.anthropic import CONTENT, WITH_TOOL_CHANGES
from modelward.gateway.endpoints.mounts import LLM, POST
from modelward.gateway.routes import Route, UpstreamCall

# The model's own fields, as `invoke` takes them.
_NATIVE = "additionalModelRequestFields"
_NESTED = (*WITH_TOOL_CHANGES, *(f"{_NATIVE}.{where}" for where in ("model", *WITH_TOOL_CHANGES)))
_CONTENT = (
    *("prompt", "promptVariables", "requestMetadata", *CONTENT),
    *(f"{_NATIVE}.{where}" for where in CONTENT),
)
_VERBS = ("invoke", "invoke-with-response-stream", "converse", "converse-stream")

ROUTES: tuple[Route, ...] = tuple(
    Route(
        POST,
        f"/bedrock/model/{{model}}/{verb}",
        "infer",
        LLM,
        "forward",
        UpstreamCall("bedrock", f"model/{{model}}/{verb}"),
        nested=_NESTED,
        content=_CONTENT,
    )
    for verb in _VERBS
)
