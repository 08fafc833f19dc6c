"""A judged file, written anew with the upstream's names: what travels is what was judged (M2)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

import orjson

from modelward.gateway.batch.cutting import slices
from modelward.gateway.batch.lines import Line, LineReader
from modelward.gateway.batch.placing import Placement
from modelward.gateway.forms.parts import FilePart
from modelward.gateway.forms.spool import Spool, close_all

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
