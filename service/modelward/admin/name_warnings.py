"""Names of models that nobody knows: the record is kept as it was sent, and the answer has a list of `warnings`."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from modelward.config.model_names import KnownNames
from modelward.contract import AccessGroup, Catalog, Key, Member, Team, read_fields
from modelward.contract.facts import SPECIAL_ITEMS
from modelward.hints import LookAlikes

_WORDS = {name: word for subject in (Key, Team, Member, AccessGroup) for name, word, _ in read_fields(subject)}
_MEMBERS = ("member", "members_with_roles")


class WarningRoute(APIRoute):
    """Adds `warnings` to an answer where the request names, in a list of models or as an alias's target, what no entry,
    pattern, group or alias of the present catalogue is. The app has its NameWarnings in `state.name_warnings`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, its answer looked at afterwards."""
        handle = super().get_route_handler()

        async def warned(request: Request) -> Response:
            response = await handle(request)
            if request.method == "GET":
                return response
            said = [*request.app.state.name_warnings.of(_object(await request.body()))]
            answer = _object(response.body)
            return JSONResponse({**answer, "warnings": said}, response.status_code) if said and answer else response

        return warned


class NameWarnings:
    """What is said of names that the present `catalog` lacks; without a catalog, nothing."""

    def __init__(self, catalog: Callable[[], Catalog] | None) -> None:
        self._catalog = catalog
        self._read: Catalog | None = None
        self._words: set[str] = set()
        self._alike = LookAlikes([])
        self._known = KnownNames([], {})

    def of(self, sent: Mapping[str, Any]) -> Iterator[str]:
        """What is said of a request's names, each once."""
        if self._catalog is None:
            return
        self._read_names(self._catalog())
        for name in dict.fromkeys(_granted(sent)):
            if name not in self._words and not self._known.granted(name):
                says = f"`{name}` names no model, group or alias of the present config: it covers nothing in it"
                yield says + self._alike.hint(name)

    def _read_names(self, catalog: Catalog) -> None:
        if self._read is catalog:
            return
        scopes = [catalog.common, *catalog.teams.values()]
        entries = {name for scope in scopes for name in (*scope.entries, *scope.names)}
        wildcards = {card.name for scope in scopes for cards in scope.wildcards.values() for card in cards}
        added: dict[str, list[str]] = {}
        for name, owners in catalog.provider_names.items():
            for owner in owners:
                added.setdefault(owner, []).append(name)
        self._words = {*SPECIAL_ITEMS, *catalog.reserved, *catalog.aliases}
        self._alike = LookAlikes({*entries, *catalog.reserved, *catalog.aliases} - wildcards)
        self._known = KnownNames([*entries, *wildcards], added)
        self._read = catalog


def _granted(sent: Mapping[str, Any]) -> Iterator[str]:
    for field, value in sent.items():
        if field in _MEMBERS:
            for member in value if isinstance(value, list) else [value]:
                yield from _granted(member if isinstance(member, dict) else {})
        if _WORDS.get(field) == "models" and isinstance(value, list):
            yield from (item for item in value if isinstance(item, str))
        if _WORDS.get(field) == "aliases" and isinstance(value, dict):
            yield from (item for item in value.values() if isinstance(item, str))


def _object(body: bytes | memoryview) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
