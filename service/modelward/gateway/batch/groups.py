"""What the lines of a file ask for, each distinct thing once, where the whole file may go, and the file written anew
with that upstream's names (M2)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial

import orjson

from modelward.contract import Deployment, Request, Use
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.batch.lines import Group, Line, LineReader, slices
from modelward.gateway.exchange import Exchange
from modelward.gateway.judge import Verdict
from modelward.gateway.objects import ObjectId
from modelward.gateway.request.footprint import MOST_MODELS
from modelward.gateway.request.form_parts import FilePart, Spool, close_all
from modelward.gateway.routes import Match

MOST_GROUPS = 100


@dataclass(slots=True)
class LineGroup:
    """What lines ask for that are judged together. `models` holds each name once, the one that answers the first line
    first; `travelling` are those that are in the lines as they travel, `unnamed` is the one that no line names (M6).
    `ids` are the objects that the first line with any names."""

    match: Match
    customer: str | None
    models: dict[str, None] = field(default_factory=dict)
    travelling: dict[str, None] = field(default_factory=dict)
    differ: bool = False
    unnamed: str | None = None
    ids: list[ObjectId] = field(default_factory=list)

    @property
    def group(self) -> Group:
        """Which lines ask for this."""
        return self.match.route.template, self.customer

    def add(self, line: Line) -> None:
        """Adds what a line of the group asks for. Raises Invalid."""
        found = line.footprint
        self.differ = self.differ or found.differ
        self.ids = self.ids or line.ids
        if found.added is None or not self.models:
            self.unnamed = found.added
        if self.models.keys() >= set(found.models) and self.travelling.keys() >= set(found.models):
            return
        self.models |= dict.fromkeys(found.models)
        self.travelling |= dict.fromkeys(line.travelling())
        if len(self.models) > MOST_MODELS:
            raise Invalid(f"the lines for `{self.group[0]}` name more than {MOST_MODELS} models; split the file")

    def request(self, exchange: Exchange) -> Request:
        """The question whether the caller of `exchange` may make all these calls."""
        one = copy(exchange)
        one.match = self.match
        asked = one.request(list(self.models), differ=self.differ)
        return replace(asked, method="POST", path=self.match.route.template)


LineGroups = dict[Group, LineGroup]
"""The groups of a file, in the order in which they first appear."""


def add_line(groups: LineGroups, line: Line) -> None:
    """Adds what a line asks for. Raises Invalid where the file asks for too much at once."""
    group = groups.setdefault(line.group, LineGroup(line.match, line.customer))
    if len(groups) > MOST_GROUPS:
        raise Invalid(f"the lines name more than {MOST_GROUPS} pairs of `url` and customer; split the file")
    group.add(line)


async def scanned(file: FilePart, reader: LineReader) -> LineGroups:
    """What the lines of `file` ask for; no more than a few lines of it are held at once. Raises Invalid and OSError."""
    groups: LineGroups = {}
    async for part in slices(file):
        for each in part:
            add_line(groups, reader.read(each))
        await asyncio.sleep(0)  # other requests are served between the parts
    return groups


JudgedGroups = Sequence[tuple[LineGroup, Verdict]]


@dataclass(frozen=True, slots=True)
class Placement:
    """The deployments that may take the file, and what their accounts, all alike, call the models of each group."""

    deployments: Sequence[Deployment]
    names: Mapping[Group, Mapping[str, str]]

    def name(self, group: Group, model: str) -> str:
        """What a model of a group is called there. Raises DecisionUnavailable for one that was not judged."""
        names = self.names.get(group, {})
        if model not in names:
            raise DecisionUnavailable("a line names a model that was not judged")
        return names[model]

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


async def rewritten(
    file: FilePart, reader: LineReader, placement: Placement, check: Callable[[list[ObjectId]], Awaitable[None]]
) -> Spool:
    """The lines of `file` as the account of `placement` reads them, if `check` does not refuse the objects that some
    name; the caller closes it.

    Each line is read and serialised again, so it holds what was judged and nothing else. Raises Invalid, OSError, and
    what `check` raises.
    """
    spool = Spool()
    async with AsyncExitStack() as on_error:
        on_error.push_async_callback(close_all, [spool])
        async for part in slices(file):
            lines = [reader.read(each) for each in part]
            if ids := [id_ for line in lines for id_ in line.ids]:
                await check(ids)
            written = (line.written(partial(placement.name, line.group)) for line in lines)
            content = b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in written)
            await asyncio.to_thread(spool.add, content)
        on_error.pop_all()
    return spool
