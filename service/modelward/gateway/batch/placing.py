"""Where a whole file may go, and the file written anew with that upstream's names (M2)."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import orjson

from modelward.contract import Deployment, Use
from modelward.errors import DecisionUnavailable, Invalid
from modelward.gateway.batch.groups import Asked
from modelward.gateway.batch.lines import Group, Line, LineReader, slices
from modelward.gateway.judge import Verdict
from modelward.gateway.request.form_parts import FilePart, Spool, close_all
from modelward.gateway.request.outgoing import Rename

Judged = Sequence[tuple[Asked, Verdict]]


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


def place(candidates: Iterable[Deployment], judged: Judged) -> Placement:
    """Those of `candidates` whose account serves all, by the names that the first of them has for the models.

    Raises Invalid when there is none.
    """
    fitting = [(each, names) for each in candidates if (names := _names(each, judged)) is not None]
    if not fitting:
        raise Invalid("the models of the lines are served at different places; send a file for each")
    first = fitting[0][1]
    return Placement([deployment for deployment, names in fitting if names == first], first)


def _names(deployment: Deployment, judged: Judged) -> dict[Group, dict[str, str]] | None:
    """What the account of `deployment` calls the models that travel; `None` where it lacks one."""
    names = dict[Group, dict[str, str]]()
    for asked, verdict in judged:
        own = names.setdefault(asked.group, {})
        for name in asked.travelling:
            found = verdict.names_beside(deployment, name)
            if not found:
                return None
            own[name] = found[0]
    return names


CheckLines = Callable[[Sequence[Line]], Awaitable[None]]
"""Refuses lines that may not travel as they are."""


async def rewritten(file: FilePart, reader: LineReader, placement: Placement, check: CheckLines) -> Spool:
    """The lines of `file` as the account of `placement` reads them; whoever asked closes it.

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
