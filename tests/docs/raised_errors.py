"""Every status, type and code that the service itself answers with, as found where its code says them."""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from harness.bundles import REPOSITORY
from harness.sources import parsed
from modelward import errors
from modelward.gateway.sockets import client

PACKAGE = REPOSITORY / "service" / "modelward"
INVALID = "invalid_request_error"

REFUSED = {
    name: each for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, errors.Refused)
}


class Answer(NamedTuple):
    """What a client reads; `code` is empty where it is the status."""

    status: int
    type: str
    code: str = ""


def calls() -> Iterator[ast.Call]:
    """Every call in the service of a thing with a name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield node


def answers() -> set[Answer]:
    """Those of errors raised, of failures of upstreams and of error bodies, wherever they are written as such."""
    return {each for call in calls() for each in _answers(call) if each.status >= HTTPStatus.BAD_REQUEST}


def _answers(call: ast.Call) -> Iterator[Answer]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    given = {word.arg: _value(word.value) for word in call.keywords}
    values = [_value(each) for each in call.args]
    if name in REFUSED:
        status, kind = given.get("status") or REFUSED[name].status, given.get("kind") or REFUSED[name].kind
        yield Answer(status, kind)
    elif name == "Malformed":
        yield Answer(values[1] if len(values) > 1 else HTTPStatus.BAD_REQUEST, INVALID)
    elif name == "Failure":
        yield Answer(values[0], INVALID if values[0] == HTTPStatus.BAD_REQUEST else "upstream_error", values[1])
    elif name == "ErrorFields" and isinstance(values[0], int):
        yield Answer(values[0], values[1], given.get("code", ""))
    elif name == "_answer" and len(values) > 3 and isinstance(values[1], int):
        yield Answer(values[1], values[3])


def close_codes() -> set[int]:
    """Those with which sockets of clients are closed, all of them constants beside the ends of sockets."""
    return {each for each in vars(client).values() if isinstance(each, int) and 1000 <= each < 5000}


def _value(node: ast.expr) -> Any:
    """What a constant or a status says; `None` for all else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute) and node.attr in HTTPStatus.__members__:
        return HTTPStatus[node.attr]
    return None
