"""Configs, stores and an engine to ask with, all of them real."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from admin.client import NOW, client_of
from harness.bundles import POLICIES
from modelward import bundle, config
from modelward.compiler import compile_catalog
from modelward.compose import embedded, explainer
from modelward.explain import Explainer, Logged, Report, question
from modelward.explain.report import ManagementCall
from modelward.identity import key_hash
from modelward.loading import Loaded
from modelward.store import Store, open_store

NOW_NS = int(NOW.timestamp()) * 1_000_000_000
KEY = "sk-alice"
HASH = key_hash(KEY)
MASTER_KEY = "sk-master"
MODELS = """\
model_list:
  - {model_name: gpt-4o, litellm_params: {model: openai/gpt-4o, mock_response: hi}}
  - {model_name: gpt-4, litellm_params: {model: openai/gpt-4, mock_response: hi}, model_info: {access_groups: [beta]}}
"""
GENERAL = f"general_settings:\n  master_key: {MASTER_KEY}\n"


@dataclass
class World:
    """A folder with a config and a database, asked by an engine that compiles the policies once."""

    folder: Path
    wasm: bytes
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The database's address."""
        return f"sqlite:///{self.folder / 'modelward.db'}"

    @property
    def config(self) -> Path:
        """The config's file."""
        return self.folder / "config.yaml"

    async def ask(self, text: str, **fields: Any) -> Report:
        """The answer by a config with these sections, for `gpt-4o` unless told."""
        asked = question({"model": "gpt-4o"} | fields)
        async with self.explainer(text) as (made, _):
            return await made.answer(asked, NOW_NS)

    async def compare(self, text: str, logged: Logged) -> Report:
        """The answer on a decision of the log."""
        async with self.explainer(text) as (made, _):
            return await made.compare(logged)

    async def manage(self, text: str, *calls: ManagementCall) -> None:
        """These calls of the management API, each of which must succeed."""
        async with self.explainer(text) as (_, store), client_of(store) as client:
            for call in calls:
                await client.done(call.method, call.path, call.body)

    @asynccontextmanager
    async def explainer(self, text: str) -> AsyncIterator[tuple[Explainer, Store]]:
        """An explainer by that config, over the database."""
        self.config.write_text(text)
        read = config.read(Path("config.yaml"), self.environ, secrets="keep")
        sealed = bundle.seal(compile_catalog(read), POLICIES)
        snapshot = embedded(Loaded(read, sealed, self.wasm, {}))
        async with open_store(self.url, declared=lambda: sealed.catalog) as store:
            yield explainer(store, snapshot), store
        snapshot.close()


def lengthened(text: str, place: str, name: str) -> str:
    """A config with `name` put first into the list that begins at `place`."""
    _, line, column = place.split(":")
    lines = text.splitlines(keepends=True)
    row = lines[int(line) - 1]
    at = int(column) - 1
    assert row[at] == "[", f"no list at {place}: {row}"
    comma = "" if row[at + 1] == "]" else ", "
    lines[int(line) - 1] = f"{row[: at + 1]}{name}{comma}{row[at + 1 :]}"
    return "".join(lines)
