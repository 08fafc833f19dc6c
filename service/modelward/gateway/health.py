"""Health probes: the only requests beside the API's description that need no credential."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.types import Send

from modelward.errors import ModelwardError
from modelward.gateway.errors import JSON, respond

LIVENESS = frozenset({"/health/liveliness", "/health/liveness"})
READINESS = "/health/readiness"

Check = Callable[[], Awaitable[str]]


class Health:
    """Answers the probes. Ready is who can decide and read the subjects: each check gives a word, or raises."""

    def __init__(self, checks: Mapping[str, Check], config_state: Callable[[], str]) -> None:
        self._checks = checks
        self._config_state = config_state

    def __contains__(self, path: str) -> bool:
        return path in LIVENESS or path == READINESS

    async def probe(self, path: str, method: str, send: Send) -> None:
        """Answers one probe, GET or HEAD: 200 when well, 503 when not ready."""
        if path == READINESS:
            status, body = await self.readiness()
            await respond(send, status, [JSON], b"" if method == "HEAD" else orjson.dumps(body))
        else:
            await respond(send, 200, [JSON], b"" if method == "HEAD" else b'{"status":"alive"}')

    async def readiness(self) -> tuple[int, dict[str, str]]:
        """The status and body of the readiness probe; what is wrong is in the log, not here."""
        words = await asyncio.gather(*(_word(check) for check in self._checks.values()))
        states = dict(zip(self._checks, words, strict=True)) | {"config": self._config_state()}
        ready = "unavailable" not in states.values()
        return (200 if ready else 503), {"status": "ready" if ready else "not ready", **states}


async def _word(check: Check) -> str:
    try:
        return await check()
    except ModelwardError:
        return "unavailable"
