"""The two engines, both with the same catalogue."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from engines.scenarios import Scenario
from harness.bundles import POLICIES
from harness.opa import Opa
from harness.wire import exchange
from modelward import bundle
from modelward.compiler import compile_catalog
from modelward.config import read
from modelward.contract import Catalog, Decision, Input, Listing, Reach
from modelward.engine import EmbeddedEngine, OpaEngine

_ENVIRONMENT = {"JWT_PUBLIC_KEY_URL": "http://127.0.0.1:9/keys"}  # never asked: the drawn tokens are verified ones


@dataclass
class Engines:
    """Asks both engines the same; answers that differ in any field are a failure."""

    runner: asyncio.Runner
    opa: Opa
    server: OpaEngine
    wasm: bytes
    folder: Path
    catalog: Catalog = field(default_factory=Catalog)
    _embedded: EmbeddedEngine | None = None

    @property
    def embedded(self) -> EmbeddedEngine:
        """The embedded engine with the catalogue of the last scenario."""
        assert self._embedded is not None
        return self._embedded

    def take(self, scenario: Scenario) -> None:
        """Compile the scenario's config and give it to both engines in place of the last one."""
        config = self.folder / "config.yaml"
        config.write_text(yaml.safe_dump(scenario.config, allow_unicode=True, sort_keys=False))
        sealed = bundle.seal(compile_catalog(read(config, _ENVIRONMENT)), POLICIES)
        engine = EmbeddedEngine(self.wasm, sealed.data)
        self.close()
        self.catalog, self._embedded = sealed.catalog, engine
        document = self.catalog.model_dump_json().encode()
        headers = {"Content-Type": "application/json"}
        assert exchange(self.opa.port, "PUT", "/v1/data/catalog", headers=headers, body=document).status == 204

    def decide(self, question: Input) -> Decision:
        """The decision of both."""
        here = self.runner.run(self.embedded.decide(question))
        there = self.runner.run(self.server.decide(question))
        assert here == there, f"embedded: {here}\nopa: {there}\n{self.told(question)}"
        return here

    def list(self, question: Input) -> Listing:
        """The listing of both."""
        here = self.runner.run(self.embedded.list(question))
        there = self.runner.run(self.server.list(question))
        assert here == there, f"embedded: {here}\nopa: {there}\n{self.told(question)}"
        return here

    def reach(self, question: Input) -> Reach:
        """What both say of all models of the question."""
        assert self._embedded is not None
        here = self.runner.run(self._embedded.reach(question))
        there = self.runner.run(self.server.reach(question))
        assert here == there, f"embedded: {here}\nopa: {there}\n{self.told(question)}"
        return here

    def told(self, question: Input) -> str:
        """The config and the question, for failures."""
        config = (self.folder / "config.yaml").read_text()
        return f"{config}\n{question.request}\n{question.customer}\n{question.caller.model_dump_json()}"

    def close(self) -> None:
        """Free the embedded engine."""
        if self._embedded is not None:
            self._embedded.close()
            self._embedded = None
