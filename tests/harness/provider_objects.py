"""Objects that a provider keeps: files, batches, vector stores, conversations, stored responses, message batches."""

import json
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from itertools import count
from typing import Any

from harness.provider_openai import response_object
from harness.provider_replies import TEXT, said
from harness.upstream import Call, Reply

Object = dict[str, Any]

_COLLECTIONS = ("files", "batches", "vector_stores", "conversations", "responses")


class Objects:
    """What was made so far, by collection and id. Every list holds all of it, whoever asks."""

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Object]] = {name: {} for name in (*_COLLECTIONS, "messages")}
        self._contents: dict[str, bytes] = {}
        self._numbers = count(1)

    def answer(self, call: Call, path: str) -> Reply | None:
        """The answer to a request for objects; `None` where `path` is no place of any."""
        _, found, rest = path.partition("/v1/messages/batches")
        if found:
            return self._served("messages", call, rest.strip("/"))
        for name in _COLLECTIONS:
            _, found, rest = path.partition(f"/{name}")
            if found:
                return self._served(name, call, rest.strip("/"))
        return None

    def _served(self, name: str, call: Call, rest: str) -> Reply | None:
        made = self._made[name]
        if not rest:
            return said(_listed(list(made.values())) if call.method == "GET" else self._make(name, call))
        id_, _, verb = rest.partition("/")
        if name == "responses":
            made = {id_: response_object({}) | {"id": id_}}  # every response is kept
        if id_ not in made:
            return said({"error": {"message": "no such object", "type": "invalid_request_error"}}, 404)
        if verb in {"content", "results"}:
            return Reply(body=self._contents[id_], content_type="application/octet-stream")
        if verb == "cancel":
            made[id_] |= _CANCELLED[name]
        if call.method == "DELETE":
            return said({"id": id_, "object": f"{made.pop(id_)['object']}.deleted", "deleted": True})
        return said(made[id_]) if verb in {"", "cancel"} else None

    def _make(self, name: str, call: Call) -> Object:
        id_ = f"{name}-{next(self._numbers)}"
        made: Object = {"id": id_, "created_at": 1} | _MADE[name](call)
        if name == "files":
            self._contents[id_] = _part(call, "file")
        if name == "messages":
            self._contents[id_] = _results(call.json()["requests"])
        if name == "batches":
            made |= self._output(made["input_file_id"])
        self._made[name][id_] = made
        return made

    def _output(self, input_id: str) -> Object:
        """The file that a batch leaves behind."""
        lines = [json.loads(line) for line in self._contents[input_id].splitlines()]
        answers = [{"custom_id": line["custom_id"], "response": {"status_code": 200}, "error": None} for line in lines]
        id_ = f"files-{next(self._numbers)}"
        self._contents[id_] = "\n".join(json.dumps(each) for each in answers).encode()
        self._made["files"][id_] = {"id": id_, "created_at": 1} | _file("batch_output", self._contents[id_])
        return {"output_file_id": id_}


def _listed(made: list[Object]) -> Object:
    ids = {"first_id": made[0]["id"], "last_id": made[-1]["id"]} if made else {"first_id": None, "last_id": None}
    return {"object": "list", "data": made, "has_more": False} | ids


def _file(purpose: str, content: bytes) -> Object:
    return {"object": "file", "bytes": len(content), "filename": "f", "purpose": purpose, "status": "processed"}


def _batch(call: Call) -> Object:
    asked = {name: call.json()[name] for name in ("input_file_id", "endpoint", "completion_window")}
    return {"object": "batch", "status": "completed"} | asked


def _vector_store(call: Call) -> Object:
    counts = dict.fromkeys(("in_progress", "completed", "failed", "cancelled", "total"), 0)
    name = call.json().get("name")
    return {"object": "vector_store", "name": name, "status": "completed", "usage_bytes": 0, "file_counts": counts}


def _message_batch(_: Call) -> Object:
    counts = {"canceled": 0, "errored": 0, "expired": 0, "processing": 0, "succeeded": 1}
    times = {"created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-01-02T00:00:00Z"}
    ended = {"ended_at": None, "archived_at": None, "cancel_initiated_at": None, "results_url": "http://provider/r"}
    return {"type": "message_batch", "processing_status": "ended", "request_counts": counts} | times | ended


def _results(requests: list[Object]) -> bytes:
    """A message for each request."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    message: Object = {"id": "msg_1", "type": "message", "role": "assistant", "stop_reason": "end_turn"}
    message |= {"stop_sequence": None, "model": "m", "content": [{"type": "text", "text": TEXT}], "usage": usage}
    result = {"type": "succeeded", "message": message}
    return "\n".join(json.dumps({"custom_id": each["custom_id"], "result": result}) for each in requests).encode()


def _part(call: Call, name: str) -> bytes:
    """The content of one part of a form."""
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    for part in BytesParser(policy=HTTP).parsebytes(head + call.body).iter_parts():
        if part.get_param("name", header="content-disposition") == name:
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content
    raise AssertionError(f"the form has no part `{name}`")


_MADE: dict[str, Callable[[Call], Object]] = {
    "files": lambda call: _file(_part(call, "purpose").decode(), _part(call, "file")),
    "batches": _batch,
    "vector_stores": _vector_store,
    "conversations": lambda _: {"object": "conversation", "metadata": {}},
    "messages": _message_batch,
}
_CANCELLED: dict[str, Object] = {
    "batches": {"status": "cancelling"},
    "responses": {"status": "cancelled"},
    "messages": {"processing_status": "canceling"},
}
