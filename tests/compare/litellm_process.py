"""The process in which LiteLLM answers."""

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from compare.worlds import World

Fields = dict[str, Any]
_LONGEST = 64 * 1024 * 1024


class Reference:
    """Asks LiteLLM."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def answers(self, world: World, sent: list[Fields]) -> list[Fields]:
        """What LiteLLM answers to each question. Raises RuntimeError when its process has ended."""
        assert self._process.stdin and self._process.stdout
        given = {"config": world.config, "records": world.records, "questions": sent}
        self._process.stdin.write(json.dumps(given).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"litellm's process ended at world {world.number}; see its log")
        found: list[Fields] = json.loads(line)
        return found


@asynccontextmanager
async def reference(python: Path, log: Path, environ: Mapping[str, str]) -> AsyncIterator[Reference]:
    """A process of LiteLLM's, ready to be asked; what it says goes to `log`."""
    settings = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "LITELLM_TELEMETRY": "False"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            python,
            *("-m", "compare.reference"),
            cwd=Path(__file__).parent.parent,
            env={**environ, **settings},
            stdin=PIPE,
            stdout=PIPE,
            stderr=output,
            limit=_LONGEST,
        )
        assert process.stdin and process.stdout
        try:
            if await process.stdout.readline() != b"ready\n":
                raise RuntimeError(f"litellm did not start; see {log}")
            yield Reference(process)
        finally:
            process.stdin.close()
            await process.wait()
