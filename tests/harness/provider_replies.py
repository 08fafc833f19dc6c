"""Replies of a provider, whole and as events."""

import json
from collections.abc import Iterable
from typing import Any

from harness.upstream import Reply

TEXT = "hello from the provider"

Event = tuple[str, dict[str, Any]]


def said(value: object, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(value).encode())


def streamed(events: Iterable[Event], end: str = "") -> Reply:
    """A stream of events, then `end`; an event without a name is its data alone."""
    texts = ((f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n" for name, data in events)
    chunks = tuple(text.encode() for text in (*texts, end) if text)
    return Reply(content_type="text/event-stream", chunks=chunks)
