"""Asks both the same, world by world."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from compare.cache import Answers
from compare.litellm_process import Reference, reference
from compare.modelward_process import Modelward, modelward
from compare.worlds import World, world
from harness.bundles import REPOSITORY
from harness.issuer import Issuer, issuer, new_key

Fields = dict[str, Any]
FOLDER = REPOSITORY / ".compare"
_LANES = 4  # Modelwards that take the worlds in turn: a changed config comes into force within a moment, not at once


@dataclass(frozen=True)
class Answered:
    """A world with the answers to its questions, in their order: Modelward's and LiteLLM's."""

    world: World
    ours: list[Fields]
    theirs: list[Fields]


async def run(seed: int, numbers: range) -> AsyncIterator[Answered]:
    """The worlds of those numbers, answered."""
    with issuer({"RS256": new_key("RS256")}) as tokens, tempfile.TemporaryDirectory() as name:
        environ = {**os.environ, "JWT_PUBLIC_KEY_URL": tokens.url}
        async with AsyncExitStack() as stack:
            theirs = await stack.enter_async_context(_LiteLLM(environ))
            lanes = [
                _Lane(tokens, theirs, await stack.enter_async_context(_modelward(seed, Path(name, str(lane)), environ)))
                for lane in range(min(_LANES, len(numbers)))
            ]
            for first in range(0, len(numbers), _LANES):
                some = zip(lanes, numbers[first : first + _LANES], strict=False)
                for answered in await asyncio.gather(*(lane.answered(world(seed, number)) for lane, number in some)):
                    yield answered


def _modelward(seed: int, folder: Path, environ: dict[str, str]) -> AbstractAsyncContextManager[Modelward]:
    folder.mkdir()
    return modelward(sys.executable, folder, world(seed, -1), environ)


@dataclass(frozen=True)
class _Lane:
    """Asks a Modelward of its own, and the one LiteLLM."""

    tokens: Issuer
    theirs: "_LiteLLM"
    ours: Modelward

    async def answered(self, one: World) -> Answered:
        """The world with the answers of both."""
        sent = [_with_credential(question, self.tokens) for question in one.questions]
        return Answered(one, *await asyncio.gather(self.ours.answers(one, sent), self.theirs.answers(one, sent)))


class _LiteLLM:
    """What LiteLLM answers, or answered before. Its process takes a while to start: it does for the first world that
    is not answered yet, and takes one world at a time."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ
        self._kept = Answers(FOLDER / "answers.db")
        self._stack = AsyncExitStack()
        self._started: Reference | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def answers(self, one: World, sent: list[Fields]) -> list[Fields]:
        """What it answers to each question."""
        given = self._kept.of(one)
        if given is None:
            async with self._turn:
                given = await (await self._process()).answers(one, sent)
            self._kept.keep(one, given)
        return given

    async def _process(self) -> Reference:
        if self._started is None:
            python, log = FOLDER / "venv" / "bin" / "python", FOLDER / "litellm.log"
            self._started = await self._stack.enter_async_context(reference(python, log, self._environ))
        return self._started


def _with_credential(question: Fields, tokens: Issuer) -> Fields:
    caller = question["caller"]
    credential = caller["key"] if "key" in caller else tokens.token(caller["claims"])
    return {**question, "headers": {**question["headers"], "authorization": f"Bearer {credential}"}}
