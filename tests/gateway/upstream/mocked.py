"""Offline answers, and a real server that gives one."""

from contextlib import AbstractAsyncContextManager
from typing import Any

import orjson

from gateway.answering import Answering, Told, answering
from modelward.gateway.upstream.mocks import MockAnswer, answer

TEXT = "It answers  offline."


def made(operation: str, **body: object) -> MockAnswer:
    """The offline answer of `operation` to `body`."""
    made = answer(operation, body, "m", TEXT, 1000)
    assert made is not None
    return made


def said(operation: str, **body: object) -> Any:
    """The same, which is JSON."""
    answer = made(operation, **body)
    assert answer.content_type == b"application/json"
    return orjson.loads(b"".join(answer.chunks))


def serving(operation: str, **body: object) -> AbstractAsyncContextManager[Answering]:
    """A server that gives this answer."""
    answer = made(operation, **body)
    told = Told(200, [(b"content-type", answer.content_type)], answer.chunks)
    return answering(lambda _: told)
