"""What the lines of a file ask for, each distinct thing once, however many lines there are."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from modelward.contract import Request
from modelward.errors import Invalid
from modelward.gateway.batch.lines import Group, Line, LineReader, slices
from modelward.gateway.objects import ObjectId
from modelward.gateway.request.form_parts import FilePart
from modelward.gateway.request.names import MOST_MODELS
from modelward.gateway.request.places import path_segments
from modelward.gateway.routes import Match

MOST_GROUPS = 100


@dataclass(slots=True)
class Asked:
    """What the lines of one group ask for. `models` holds each name once, the one that answers the first line first;
    `travelling` are those that stand in the lines as they travel, `unnamed` is the one that no line names (M6)."""

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
    def first(self) -> str:
        """The model that answers the first line."""
        return next(iter(self.models))

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
        """The question whether the caller may make all these calls; whoever asks it sets its time."""
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


class Groups:
    """The groups of a file, in the order in which they first appear; `ids` are the objects that the first line with
    any names."""

    def __init__(self) -> None:
        self.ids: list[ObjectId] = []
        self._found = dict[Group, Asked]()

    def __iter__(self) -> Iterator[Asked]:
        return iter(self._found.values())

    def add(self, line: Line) -> None:
        """Adds what a line asks for. Raises Invalid where the file asks for too much at once."""
        asked = self._found.get(line.group)
        if asked is None:
            if len(self._found) >= MOST_GROUPS:
                raise Invalid(f"the lines name more than {MOST_GROUPS} pairs of `url` and customer; split the file")
            asked = self._found[line.group] = Asked(line.match, line.customer)
        asked.add(line)
        self.ids = self.ids or line.ids


async def scanned(file: FilePart, reader: LineReader) -> Groups:
    """What the lines of `file` ask for; no more than a few lines of it are held at once. Raises Invalid and OSError."""
    groups = Groups()
    async for part in slices(file):
        for each in part:
            groups.add(reader.read(each))
        await asyncio.sleep(0)  # other requests are served between the parts
    return groups
