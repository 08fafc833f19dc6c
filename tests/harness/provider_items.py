"""A provider of responses that keeps their items, as OpenAI does: who names one by its id gets what was kept."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.provider_replies import TEXT, Event, said, streamed
from harness.upstream import Call, Reply

_USAGE = {
    "input_tokens": 1,
    "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
    "output_tokens": 1,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 2,
}
_CITATION = {"type": "container_file_citation", "filename": "plot.png", "start_index": 0, "end_index": 1}
_ITEMS = re.compile(r"/v1/conversations/(conv_\w+)/items")


@dataclass
class Items:
    """Answers `/v1/responses` and conversations. An item that it does not keep must come with its content."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    conversations: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self, call: Call) -> Reply:
        path = call.path.partition("?")[0]
        if path == "/v1/responses":
            return self._response(call.json())
        if path == "/v1/conversations":
            made = self._new("conv")
            self.conversations[made] = self._numbered(call.json().get("items", []))
            return said({"id": made, "object": "conversation", "created_at": 1, "metadata": {}})
        if found := _ITEMS.fullmatch(path):
            return self._listed(call, self.conversations[found[1]])
        return said({"error": {"message": f"no {path}", "type": "invalid_request_error"}}, 404)

    def _new(self, prefix: str) -> str:
        return f"{prefix}_{next(self.numbers):048x}"

    def _listed(self, call: Call, items: list[dict[str, Any]]) -> Reply:
        shown = items[::-1]
        if call.method == "POST":
            shown = self._numbered(call.json()["items"])
            items += shown
        edges = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {}
        return said({"object": "list", "data": shown, "has_more": False, **edges})

    def _numbered(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        new = [{"type": "message", "status": "completed", **_parts(item), "id": self._new("msg")} for item in items]
        self.kept.update({item["id"]: item for item in new})
        return new

    def _response(self, asked: dict[str, Any]) -> Reply:
        items = asked["input"] if isinstance(asked["input"], list) else []
        for item in items:
            bare = item.get("type") == "item_reference"
            bare = bare or (item.get("type") == "reasoning" and not item.get("encrypted_content"))
            if bare and item.get("id") not in self.kept:
                error = {"message": f"Item with id '{item.get('id')}' not found.", "type": "invalid_request_error"}
                return said({"error": error}, 404)
        output = self._output(asked, items)
        if asked.get("store") is not False:
            self.kept.update({item["id"]: item for item in output})
        response = {
            "id": self._new("resp"),
            "object": "response",
            "created_at": 1,
            "model": asked["model"],
            "status": "completed",
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
        whole = response | {"output": output, "usage": _USAGE}
        return streamed(_events(response | {"output": []}, whole)) if asked.get("stream") else said(whole)

    def _output(self, asked: dict[str, Any], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        encrypted = {"encrypted_content": "gAAA"} if "reasoning.encrypted_content" in asked.get("include", []) else {}
        output: list[dict[str, Any]] = [{"id": self._new("rs"), "type": "reasoning", "summary": [], **encrypted}]
        tools = {each["type"]: each for each in asked.get("tools", [])}
        if "function" in tools and not any(item.get("type") == "function_call_output" for item in items):
            name, call_id = tools["function"]["name"], self._new("call")
            called = {"type": "function_call", "call_id": call_id, "name": name, "arguments": "{}"}
            return [*output, {"id": self._new("fc"), "status": "completed", **called}]
        annotations = []
        if "code_interpreter" in tools:
            container = self._new("cntr")
            ran = {"type": "code_interpreter_call", "code": "1", "container_id": container, "outputs": None}
            output.append({"id": self._new("ci"), "status": "completed", **ran})
            annotations = [{**_CITATION, "container_id": container, "file_id": self._new("cfile")}]
        part = {"type": "output_text", "text": TEXT, "annotations": annotations, "logprobs": []}
        message = {"type": "message", "role": "assistant", "status": "completed", "content": [part]}
        return [*output, {"id": self._new("msg"), **message}]


def _parts(item: dict[str, Any]) -> dict[str, Any]:
    """An item whose text is a list of parts, as it is always told."""
    text = item.get("content")
    return item | {"content": [{"type": "input_text", "text": text}]} if isinstance(text, str) else item


def _events(begun: dict[str, Any], whole: dict[str, Any]) -> Iterator[Event]:
    number = itertools.count()

    def event(kind: str, **fields: Any) -> Event:
        return kind, {"type": kind, "sequence_number": next(number), **fields}

    yield event("response.created", response=begun)
    for index, item in enumerate(whole["output"]):
        empty = item | {"content": []} if "content" in item else item
        yield event("response.output_item.added", output_index=index, item=empty)
        yield event("response.output_item.done", output_index=index, item=item)
    yield event("response.completed", response=whole)
