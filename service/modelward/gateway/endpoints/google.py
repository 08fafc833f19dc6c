"""Gemini's and Vertex AI's paths: the model stands before the verb."""

from modelward.gateway.endpoints.anthropic import WITH_TOOL_CHANGES
from modelward.gateway.endpoints.mounts import LLM, POST
from modelward.gateway.routes import NESTED, Route, UpstreamCall

_GEMINI = ("generateContent", "streamGenerateContent", "countTokens", "embedContent", "batchEmbedContents")
_VERTEX = (
    *("predict", "rawPredict", "streamRawPredict", "generateContent", "streamGenerateContent"),
    *("countTokens", "embedContent"),
)
_ON_VERTEX = ("/vertex_ai/{path}/publishers", "/vertex_ai/publishers")
_GOOGLES = ("generateContentRequest.model", "requests[].model")


def _gemini(verb: str) -> Route:
    call = UpstreamCall("google", f"models/{{model}}:{verb}")
    template = f"/v1beta/models/{{model}}:{verb}"
    return Route(POST, template, "infer", LLM, "forward", call, nested=(*NESTED, *_GOOGLES), passes=("alt",))


def _vertex(prefix: str, verb: str) -> Route:
    call = UpstreamCall("vertex", f"publishers/{{publisher}}/models/{{model}}:{verb}")
    template = f"{prefix}/{{publisher}}/models/{{model}}:{verb}"
    return Route(POST, template, "infer", LLM, "forward", call, nested=(*WITH_TOOL_CHANGES, *_GOOGLES), passes=("alt",))


ROUTES: tuple[Route, ...] = (
    *map(_gemini, _GEMINI),
    *(_vertex(prefix, verb) for prefix in _ON_VERTEX for verb in _VERTEX),
)
