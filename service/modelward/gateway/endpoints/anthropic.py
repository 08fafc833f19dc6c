"""Anthropic's messages and their batches, also as a pass-through."""

from collections.abc import Iterator
from dataclasses import replace

from modelward.contract import ObjectKind
from modelward.gateway.endpoints.items import MESSAGE
from modelward.gateway.endpoints.mounts import DELETE, GET, LLM, POST
from modelward.gateway.routes import NESTED, Route, Shape, UpstreamCall

# Messages that lay in further tools, and what is left of such ones after a compaction.
WITH_TOOL_CHANGES = (
    *NESTED,
    "messages[].content[]?.tool.definition.model",
    "messages[].content[]?.tool_changes[].tool.definition.model",
)

# Examples of what a tool takes are the caller's own data, as messages are.
CONTENT = ("messages", "system", "tools[].input_examples")

_PREFIXES = ("", "/anthropic")
Made = tuple[tuple[str, ObjectKind], ...]

_BATCH = Shape("", frozenset({"requests"}))
_CALL = Shape("requests[]", frozenset({"custom_id", "params"}), frozenset({"params"}))
_PAGING = ("after_id", "before_id", "limit")


def _rows() -> Iterator[Route]:
    for path in ("messages", "messages/count_tokens"):
        call = UpstreamCall("anthropic", path)
        row = Route(POST, f"/v1/{path}", "infer", LLM, "forward", call, nested=WITH_TOOL_CHANGES)
        yield replace(row, content=CONTENT, makes=MESSAGE if path == "messages" else row.makes)
    path, one = "messages/batches", "messages/batches/{message_batch_id}"
    call = UpstreamCall("anthropic", path)
    made: Made = (("id", "message_batch"),)
    row = Route(POST, f"/v1/{path}", "infer", LLM, "forward", call, within="requests[].params", makes=made)
    yield replace(row, nested=WITH_TOOL_CHANGES, content=CONTENT, shapes=(_BATCH, _CALL))
    yield Route(GET, f"/v1/{path}", "state", LLM, "objects", call, "none", holds="message_batch", passes=_PAGING)
    for methods, rest, makes in ((GET, "", made), (DELETE, "", ()), (GET, "/results", ()), (POST, "/cancel", made)):
        reads = "json" if methods == POST else "none"
        upstream = UpstreamCall("anthropic", one + rest)
        row = Route(methods, f"/v1/{one}{rest}", "state", LLM, "forward", upstream, reads, holds="message_batch")  # type: ignore[arg-type]
        yield replace(row, makes=makes)


ROUTES: tuple[Route, ...] = tuple(
    replace(row, template=prefix + row.template) for prefix in _PREFIXES for row in _rows()
)
