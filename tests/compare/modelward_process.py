"""Modelward's own process: each world's config takes the place of the last one's while it serves."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from compare.answers import read_answer
from compare.worlds import World
from harness.ports import free_port
from harness.process import running

Fields = dict[str, Any]
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 0.02


class Modelward:
    """Asks Modelward."""

    def __init__(self, config: Path, log: Path, client: httpx.AsyncClient) -> None:
        self._config = config
        self._log = log.open()
        self._client = client
        self._decisions: dict[str, Fields] = {}
        self._in_force = 0

    async def answers(self, world: World, sent: list[Fields]) -> list[Fields]:
        """What Modelward answers to each question; and from its decision log the `rules` that refused it, and the
        `team`, `user` and `role` that the caller stands for.

        Raises RuntimeError when the world's config is not served.
        """
        self._decisions.clear()
        before = self._in_force
        _replace(self._config, config_text(world))
        await self._until(lambda: self._in_force > before, world)
        found = [await self._ask(question) for question in sent]
        await self._until(lambda: all(identity in self._decisions for identity, _ in found), world)
        return [{**answer, **self._decided(identity)} for identity, answer in found]

    async def _ask(self, question: Fields) -> tuple[str, Fields]:
        sent = await self._client.request(
            question["method"], question["path"], headers=question["headers"], json=question.get("body")
        )
        return sent.headers["x-modelward-decision-id"], read_answer(sent.status_code, sent.content)

    def _decided(self, identity: str) -> Fields:
        decision = self._decisions[identity]
        caller = decision["caller"] or {}
        told = {name: caller.get(name) for name in ("team", "user", "role")}
        return {"rules": [reason["rule"] for reason in decision["reasons"]], **told}

    async def _until(self, holds: Any, world: World) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not holds():
                await asyncio.sleep(_LOOK_SECONDS)
                self._read_log(world)

    def _read_log(self, world: World) -> None:
        for line in iter(self._log.readline, ""):
            if line.startswith('{"decision"'):
                decision = json.loads(line)["decision"]
                self._decisions[decision["id"]] = decision
            elif line.rstrip().endswith("is in force"):
                self._in_force += 1
            elif "the changed config is not used" in line:
                raise RuntimeError(f"world {world.number} of seed {world.seed} is not served: {self._log.read()}")


def config_text(world: World) -> str:
    """The config with the records beside it (K2); of a key only the hash is there."""
    keys = [
        {**_without(record, "key"), "key_hash": "sha256:" + hashlib.sha256(record["key"].encode()).hexdigest()}
        for record in world.records["keys"]
    ]
    sections = {name: rows for name, rows in {**world.records, "keys": keys}.items() if rows}
    config = {**world.config, "modelward_settings": world.modelward, **sections}
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)


def _replace(path: Path, text: str) -> None:
    """At once: a file that is half written is a config with problems."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def _without(record: Fields, name: str) -> Fields:
    return {field: value for field, value in record.items() if field != name}


@asynccontextmanager
async def modelward(python: str, folder: Path, first: World, environ: Mapping[str, str]) -> AsyncIterator[Modelward]:
    """A Modelward that serves the first world, with a database and a log in `folder`."""
    config, log, port = folder / "config.yaml", folder / "modelward.log", free_port()
    config.write_text(config_text(first))
    command = [python, "-m", "modelward", "serve", str(config), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--database-url", f"sqlite:///{folder / 'modelward.db'}", "--engine", "embedded"]
    with running(command, log, environ):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            await _ready(client, log)
            yield Modelward(config, log, client)


async def _ready(client: httpx.AsyncClient, log: Path) -> None:
    for _ in range(600):
        try:
            if (await client.get("/health/readiness")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise RuntimeError(f"modelward is not ready; see {log}")
