"""Configs for the compiler's tests, read from plain values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from modelward.compiler import compile_catalog
from modelward.config import Config, read
from modelward.contract import Catalog

ENTRY: dict[str, Any] = {"litellm_params": {"model": "openai/x", "mock_response": "hi"}}


def deployment(name: str, *groups: str, **info: Any) -> dict[str, Any]:
    """One item of `model_list` that answers by itself."""
    model_info = {**info, **({"access_groups": list(groups)} if groups else {})}
    return {"model_name": name, **ENTRY, "model_info": model_info}


def read_values(folder: Path, values: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Config:
    """The config that these values are when written to a file."""
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True))
    return read(path, environ or {})


def catalog_of(folder: Path, *models: Mapping[str, Any], **sections: Any) -> Catalog:
    """The catalogue of a config with these models."""
    return compile_catalog(read_values(folder, {"model_list": list(models), **sections}))
