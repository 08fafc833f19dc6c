"""A whole file, read once to learn what its lines ask for."""

import asyncio

from modelward.gateway.batch.cutting import slices
from modelward.gateway.batch.groups import Groups
from modelward.gateway.batch.lines import LineReader
from modelward.gateway.forms.parts import FilePart


async def scanned(file: FilePart, reader: LineReader) -> Groups:
    """What the lines of `file` ask for; no more than a few lines of it are held at once. Raises Invalid and OSError."""
    groups = Groups()
    async for part in slices(file):
        for each in part:
            groups.add(reader.read(each))
        await asyncio.sleep(0)  # other requests are served between the parts
    return groups
