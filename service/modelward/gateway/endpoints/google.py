"""Gemini's and Vertex AI's paths: the model stands before the verb."""

from modelward.gateway.endpoints.anthropic import CONTENT, WITH_TOOL_CHANGES
from modelward.gateway.endpoints.mounts import LLM, POST
from modelward.gateway.routes import NESTED, Route, UpstreamCall

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
_CONTENT = ("content", "contents", "labels", "requests[].content", "systemInstruction", "system_instruction")
_OF_GOOGLE = (*_CONTENT, *(f"{call}.{where}" for call in _CALLS for where in _CONTENT))


def _gemini(verb: str) -> Route:
    call = UpstreamCall("google", f"models/{{model}}:{verb}")
    template = f"/v1beta/models/{{model}}:{verb}"
    return _row(template, call, (*NESTED, *_GOOGLES), _OF_GOOGLE)


def _vertex(prefix: str, verb: str) -> Route:
    call = UpstreamCall("vertex", f"publishers/{{publisher}}/models/{{model}}:{verb}")
    template = f"{prefix}/{{publisher}}/models/{{model}}:{verb}"
    return _row(template, call, (*WITH_TOOL_CHANGES, *_GOOGLES), (*CONTENT, *_OF_GOOGLE))


def _row(template: str, call: UpstreamCall, nested: tuple[str, ...], content: tuple[str, ...]) -> Route:
    return Route(POST, template, "infer", LLM, "forward", call, nested=nested, content=content, passes=("alt",))


ROUTES: tuple[Route, ...] = (
    *map(_gemini, _GEMINI),
    *(_vertex(prefix, verb) for prefix in _ON_VERTEX for verb in _VERTEX),
)
