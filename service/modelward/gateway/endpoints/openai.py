"""Calls of OpenAI's style. `OPERATIONS` are those that Azure serves at a place for each deployment."""

from collections.abc import Mapping

from modelward.gateway.endpoints.mounts import OPENAI, OUTPUT, POST, Made, mounted
from modelward.gateway.routes import NESTED, Reading, Route, UpstreamCall

BATCHED = frozenset(
    prefix + path
    for prefix in ("/v1", "")
    for path in (
        *("/chat/completions", "/completions", "/embeddings", "/responses", "/moderations"),
        *("/images/generations", "/images/edits"),
    )
)
"""The paths that the lines of a batch file may call; Azure's have no `/v1`."""


_IN_A_SESSION = (
    *("session.tools[].model", "session.input_audio_transcription.model", "session.audio.input.transcription.model"),
    *("input_audio_transcription.model", "audio.input.transcription.model"),
)

RESPONSE: Made = (("id", "response"), *OUTPUT)

# Items of a conversation that lay in further tools.
WITH_ITEMS = (*NESTED, "input[]?.tools[].model", "input[]?.tools[].svg.model")

_SAID_IN_A_SESSION = ("instructions", "prompt.variables", "sdp", "session.instructions", "session.prompt.variables")

_IN_SESSION = ("session.model", "model")

_REALTIME: tuple[tuple[str, Reading, tuple[str, ...], str | None], ...] = (
    ("client_secrets", "json", _IN_SESSION, "expires_after"),
    ("sessions", "json", ("model", "session.model"), "client_secret.expires_after"),
    ("calls", "form", _IN_SESSION, None),
)

CONTENT: Mapping[str, tuple[str, ...]] = {
    "chat/completions": ("documents", "messages", "prediction"),
    "completions": ("prompt",),
    "embeddings": ("input", "messages"),
    "audio/speech": ("input", "instructions"),
    "audio/transcriptions": ("prompt",),
    "audio/translations": ("prompt",),
    "images/generations": ("prompt",),
    "images/edits": ("prompt",),
    "images/variations": ("prompt",),
}
"""By operation, where the caller's own words and data stand."""

_OF_A_RESPONSE = ("input", "instructions", "prompt.variables")

OPERATIONS: tuple[tuple[str, Reading], ...] = (
    ("chat/completions", "json"),
    ("completions", "json"),
    ("embeddings", "json"),
    ("audio/speech", "json"),
    ("audio/transcriptions", "form"),
    ("audio/translations", "form"),
    ("images/generations", "json"),
    ("images/edits", "either"),
    ("images/variations", "form"),
)


def _call(path: str, *, reads: Reading = "json", per_deployment: bool = False, **places: object) -> Route:
    upstream = UpstreamCall("openai", path, per_deployment)
    return Route(POST, f"/{path}", "infer", OPENAI, "forward", upstream, reads, **places)  # type: ignore[arg-type]


_CALLS = (
    *(
        _call(path, reads=reads, per_deployment=True, nested=(*NESTED, "svg.model"), content=CONTENT[path])
        for path, reads in OPERATIONS
    ),
    _call(
        "responses",
        nested=WITH_ITEMS,
        content=_OF_A_RESPONSE,
        makes=RESPONSE,
    ),
    _call("responses/compact", nested=WITH_ITEMS, content=_OF_A_RESPONSE, makes=OUTPUT),
    _call("responses/input_tokens", nested=WITH_ITEMS, content=_OF_A_RESPONSE),
    _call("moderations", content=("input",)),
    _call("videos", reads="either", content=("prompt",), makes=(("id", "video"),)),
    _call("fine_tuning/jobs", nested=(*NESTED, "method.**.model"), makes=(("id", "fine_tuning_job"),)),
    *(
        _call(
            f"realtime/{path}",
            reads=reads,
            names=names,
            nested=(*NESTED, *_IN_A_SESSION),
            content=_SAID_IN_A_SESSION,
            expiry=expiry,
        )
        for path, reads, names, expiry in _REALTIME
    ),
    _call("assistants", content=("instructions",), makes=(("id", "assistant"),)),
    _call(
        "threads/runs",
        content=("additional_messages", "instructions", "thread.messages"),
        makes=(("thread_id", "thread"),),
    ),
)

_RERANK = tuple(
    Route(POST, template, "infer", OPENAI, "forward", UpstreamCall("openai", "rerank"), content=("documents", "query"))
    for template in ("/rerank", "/v1/rerank", "/v2/rerank")
)

ROUTES: tuple[Route, ...] = (*mounted(_CALLS), *_RERANK)
