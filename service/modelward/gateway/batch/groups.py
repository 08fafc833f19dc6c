"""What the lines of a file ask for, each distinct thing once, where the whole file may go, and the file written anew
with that upstream's names (M2)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import orjson

from modelward.contract import Deployment, Request, Use
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.batch.lines import Group, Line, LineReader, slices
from modelward.gateway.judge import Verdict
from modelward.gateway.objects import ObjectId
from modelward.gateway.request.footprint import MOST_MODELS, path_segments
from modelward.gateway.request.form_parts import FilePart, Spool, close_all
from modelward.gateway.request.outgoing import Rename
from modelward.gateway.routes import Match

MOST_GROUPS = 100


@dataclass(slots=True)
class LineGroup:
    """What lines ask for that are judged together. `models` holds each name once, the one that answers the first line
    first; `travelling` are those that are in the lines as they travel, `unnamed` is the one that no line names (M6)."""

    match: Match
    customer: str | None
    models: dict[str, None] = field(default_factory=dict)
    travelling: dict[str, None] = field(default_factory=dict)
    differ: bool = False
    unnamed: str | None = None

    @property
    def url(self) -> str:
        """The path that the lines call."""
        return self.match.route.template

    @property
    def group(self) -> Group:
        """Which lines ask for this."""
        return self.url, self.customer

    def add(self, line: Line) -> None:
        """Adds what a line of the group asks for. Raises Invalid."""
        found = line.footprint
        self.differ = self.differ or found.differ
        if found.added is None or not self.models:
            self.unnamed = found.added
        if self.models.keys() >= set(found.models) and self.travelling.keys() >= set(found.models):
            return
        self.models |= dict.fromkeys(found.models)
        self.travelling |= dict.fromkeys(line.travelling())
        if len(self.models) > MOST_MODELS:
            raise Invalid(f"the lines for `{self.url}` name more than {MOST_MODELS} models; split the file")

    def request(self) -> Request:
        """The question whether the caller may make all these calls; the one who asks it sets its time."""
        route = self.match.route
        return Request(
            method="POST",
            path=route.template,
            route=route.template,
            operation=route.operation,
            groups=list(route.groups),
            models=list(self.models),
            time_ns=0,
            differ=self.differ,
            segments=path_segments(self.match),
        )


class LineGroups:
    """The groups of a file, in the order in which they first appear; `ids` are the objects that the first line with
    any names."""

    def __init__(self) -> None:
        self.ids: list[ObjectId] = []
        self._found = dict[Group, LineGroup]()

    def __iter__(self) -> Iterator[LineGroup]:
        return iter(self._found.values())

    def add(self, line: Line) -> None:
        """Adds what a line asks for. Raises Invalid where the file asks for too much at once."""
        group = self._found.setdefault(line.group, LineGroup(line.match, line.customer))
        if len(self._found) > MOST_GROUPS:
            raise Invalid(f"the lines name more than {MOST_GROUPS} pairs of `url` and customer; split the file")
        group.add(line)
        self.ids = self.ids or line.ids


async def scanned(file: FilePart, reader: LineReader) -> LineGroups:
    """What the lines of `file` ask for; no more than a few lines of it are held at once. Raises Invalid and OSError."""
    groups = LineGroups()
    async for part in slices(file):
        for each in part:
            groups.add(reader.read(each))
        await asyncio.sleep(0)  # other requests are served between the parts
    return groups


JudgedGroups = Sequence[tuple[LineGroup, Verdict]]


@dataclass(frozen=True, slots=True)
class Placement:
    """The deployments that may take the file, and what their accounts, all alike, call the models of each group."""

    deployments: Sequence[Deployment]
    names: Mapping[Group, Mapping[str, str]]

    def renaming(self, group: Group) -> Rename:
        """What the models of a group are called there."""
        names = self.names.get(group, {})

        def rename(name: str) -> str:
            if name not in names:
                raise DecisionUnavailable("a line names a model that was not judged")
            return names[name]

        return rename

    def uses(self) -> tuple[Use, ...]:
        """What running the file asks for."""
        return tuple(
            Use(url, tuple(names), tuple(names.values()), customer) for (url, customer), names in self.names.items()
        )


def place(candidates: Iterable[Deployment], judged: JudgedGroups) -> Placement:
    """Those of `candidates` whose account serves all, by the names that the first of them has for the models.

    Raises Invalid when there is none.
    """
    fitting = [(each, names) for each in candidates if (names := _names(each, judged)) is not None]
    if not fitting:
        raise Invalid("the models of the lines are served at different places; send a file for each")
    first = fitting[0][1]
    return Placement([deployment for deployment, names in fitting if names == first], first)


def _names(deployment: Deployment, judged: JudgedGroups) -> dict[Group, dict[str, str]] | None:
    """What the account of `deployment` calls the models that travel; `None` where it lacks one."""
    names = dict[Group, dict[str, str]]()
    for group, verdict in judged:
        found = {name: verdict.names_beside(deployment, name) for name in group.travelling}
        if not all(found.values()):
            return None
        names[group.group] = {name: there[0] for name, there in found.items()}
    return names


CheckLines = Callable[[Sequence[Line]], Awaitable[None]]
"""Refuses lines that may not travel as they are."""


async def rewritten(file: FilePart, reader: LineReader, placement: Placement, check: CheckLines) -> Spool:
    """The lines of `file` as the account of `placement` reads them; the caller closes it.

    Each line is read and serialised again, so it holds what was judged and nothing else. Raises Invalid, OSError, and
    what `check` raises.
    """
    spool = Spool()
    async with AsyncExitStack() as on_error:
        on_error.push_async_callback(close_all, [spool])
        async for part in slices(file):
            lines = [reader.read(each) for each in part]
            await check(lines)
            await asyncio.to_thread(spool.add, b"".join(_written(line, placement) for line in lines))
        on_error.pop_all()
    return spool


def _written(line: Line, placement: Placement) -> bytes:
    return orjson.dumps(line.written(placement.renaming(line.group)), option=orjson.OPT_APPEND_NEWLINE)
