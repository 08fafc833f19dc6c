"""A provider, a config that points at it, and bundles, for tests that stop and break things."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from harness.bundles import write_bundle
from harness.gateway import Gateway, gateway
from harness.upstream import Upstream, upstream
from harness.wire import Answer

MASTER_KEY = "sk-master-1234"
PROVIDER_ENV = {"PROVIDER_KEY": "provider-secret"}


@dataclass(frozen=True)
class Place:
    """One folder with a config.yaml whose models `allowed` and `other` are served by the provider."""

    folder: Path
    provider: Upstream

    @property
    def config(self) -> Path:
        """The config."""
        return self.folder / "config.yaml"

    def write(self, *models: str, **settings: object) -> None:
        """Write the config anew, with these models and `modelward_settings`."""
        rows = [{"model_name": model, "litellm_params": self._params(model)} for model in models]
        content: dict[str, object] = {"model_list": rows, "general_settings": {"master_key": MASTER_KEY}}
        content |= {"modelward_settings": settings} if settings else {}
        self.config.write_text(yaml.safe_dump(content, sort_keys=False))

    def bundle(self, name: str = "bundle") -> Path:
        """The bundle of the config as it is now."""
        write_bundle(self.config, self.folder / name)
        return self.folder / name

    def serve(
        self, *, opa_url: str | None = None, database_url: str | None = None, folder: Path | None = None
    ) -> AbstractContextManager[Gateway]:
        """A Modelward with this config."""
        return gateway(
            self.config,
            folder or self.folder,
            master_key=MASTER_KEY,
            opa_url=opa_url,
            database_url=database_url,
            env=PROVIDER_ENV,
        )

    def _params(self, model: str) -> dict[str, str]:
        return {"model": f"openai/{model}", "api_base": self.provider.base("/v1"), "api_key": "os.environ/PROVIDER_KEY"}


def assert_unavailable(answer: Answer) -> None:
    """E4's answer."""
    assert answer.status == 503, answer.text
    assert answer.headers["x-should-retry"] == "false"


@pytest.fixture
def provider() -> Iterator[Upstream]:
    """A recording provider."""
    with upstream() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, provider: Upstream) -> Place:
    """A config with the models `allowed` and `other`."""
    made = Place(tmp_path, provider)
    made.write("allowed", "other")
    return made
