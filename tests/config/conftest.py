"""Configs written to disk and read back."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from config.reading import Problems, Read, write_and_read
from modelward.config import Config
from modelward.config.fields import Secrets
from modelward.errors import ConfigError


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """Reads a config given as text."""

    def read_one(
        text: str,
        environ: Mapping[str, str] | None = None,
        secrets: Secrets = "resolve",
        files: Mapping[str, str] | None = None,
    ) -> Config:
        return write_and_read(tmp_path, text, environ, secrets, files)

    return read_one


@pytest.fixture
def problems(read_text: Read, tmp_path: Path) -> Problems:
    """What is wrong with a config given as text."""

    def problems_of(
        text: str,
        environ: Mapping[str, str] | None = None,
        secrets: Secrets = "resolve",
        files: Mapping[str, str] | None = None,
    ) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read_text(text, environ, secrets, files)
        return [str(problem).replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return problems_of
