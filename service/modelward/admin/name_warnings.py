"""Names of models that nobody knows: the record is kept as it was sent, and the answer has a list of `warnings`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from modelward.config.model_names import KnownNames
from modelward.contract import AccessGroup, Catalog, Key, Member, Team, read_fields
from modelward.contract.facts import SPECIAL_ITEMS
from modelward.hints import LookAlikes


def _fields(wanted: str) -> list[str]:
    """The fields of subjects whose annotation has that word."""
    found = (each for subject in (Key, Team, Member, AccessGroup) for each in read_fields(subject))
    return list(dict.fromkeys(name for name, word, _ in found if word == wanted))


_LISTS = _fields("models")
_ALIASES = _fields("aliases")
_MEMBERS = ("member", "members_with_roles")
_CHANGING = {"POST", "PUT", "PATCH"}


class NameWarnings:
    """Adds `warnings` to the answer of a call that names, in a list of models or as an alias's target, what no entry,
    pattern, group or alias of the present catalogue is."""

    def __init__(self, app: ASGIApp, catalog: Callable[[], Catalog]) -> None:
        self._app = app
        self._catalog = catalog
        self._names: tuple[Catalog, _Names] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application below, its body read first."""
        if scope["type"] != "http" or scope["method"] not in _CHANGING:
            await self._app(scope, receive, send)
            return
        body, last = await _body(receive)
        said = [*self._known().warnings(_object(body))]
        again = _once(body, last, receive)
        await self._app(scope, again, _Warned(send, said).send if said else send)

    def _known(self) -> "_Names":
        catalog = self._catalog()
        if self._names is None or self._names[0] is not catalog:
            self._names = (catalog, _Names(catalog))
        return self._names[1]


class _Names:
    """The names of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        scopes = [catalog.common, *catalog.teams.values()]
        entries = {name for scope in scopes for name in (*scope.entries, *scope.names)}
        wildcards = {card.name for scope in scopes for cards in scope.wildcards.values() for card in cards}
        self._words = {*SPECIAL_ITEMS, *catalog.reserved, *catalog.aliases}
        self._alike = LookAlikes({*entries, *catalog.reserved, *catalog.aliases} - wildcards)
        added: dict[str, list[str]] = {}
        for name, owners in catalog.provider_names.items():
            for owner in owners:
                added.setdefault(owner, []).append(name)
        self._known = KnownNames([*entries, *wildcards], added)

    def warnings(self, sent: Mapping[str, Any]) -> Iterator[str]:
        """What is said of a request's names, each once."""
        for name in dict.fromkeys(_granted(sent)):
            if name not in self._words and not self._known.granted(name):
                says = f"`{name}` names no model, group or alias of the present config: it covers nothing in it"
                yield says + self._alike.hint(name)


def _granted(sent: Mapping[str, Any]) -> Iterator[str]:
    for field in _LISTS:
        yield from _texts(sent.get(field))
    for field in _ALIASES:
        targets = sent.get(field)
        yield from _texts([*targets.values()] if isinstance(targets, dict) else None)
    for field in _MEMBERS:
        members = sent.get(field)
        for member in members if isinstance(members, list) else [members]:
            yield from _texts(member.get("allowed_models") if isinstance(member, dict) else None)


def _texts(value: Any) -> Iterator[str]:
    return (item for item in value if isinstance(item, str)) if isinstance(value, list) else iter(())


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


async def _body(receive: Receive) -> tuple[bytes, Message | None]:
    """The whole body, and what came in place of its end."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts), message
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts), None


def _once(body: bytes, last: Message | None, receive: Receive) -> Receive:
    """The same body again, then what else comes."""
    left = [{"type": "http.request", "body": body, "more_body": last is not None}, *([last] if last else [])]

    async def again() -> Message:
        return left.pop(0) if left else await receive()

    return again


class _Warned:
    """Holds an answer back until it is whole, and adds the warnings to a JSON object that says that all is well."""

    def __init__(self, send: Send, warnings: list[str]) -> None:
        self._send = send
        self._warnings = warnings
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        """One part of the answer."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._parts.append(message.get("body", b""))
        if self._start is None or message.get("more_body", False):
            return
        body = b"".join(self._parts)
        shown = _object(body) if self._start["status"] < 300 else None
        if shown:
            body = orjson.dumps({**shown, "warnings": self._warnings})
        headers = [header for header in self._start["headers"] if header[0].lower() != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**self._start, "headers": [*headers, length]})
        await self._send({"type": "http.response.body", "body": body})
