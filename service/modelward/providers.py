"""Providers: which words are one, where each answers, and how. The table is `providers.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

Dialect = Literal["anthropic", "bedrock", "google", "openai", "vertex", "watsonx"]
"""Whose API a call is written for."""

NOTHING: Mapping[str, str] = {}


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Style(_Row):
    """How a provider answers calls of one style; the fields are explained in the table."""

    root: str = ""
    path: str = "{path}"
    model_path: str | None = None
    key_header: str = "authorization"
    api_version: str | None = None
    headers: Mapping[str, str] = NOTHING


class NameForms(_Row):
    """Which spellings of a model's name a provider takes for one model; the fields are explained in the table."""

    shared_with: tuple[str, ...] = ()
    case: bool = False
    last_of: str = ""
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    cut: str = ""
    publishers: bool = False


class ModelPlaces(_Row):
    """Where a provider reads the names of further models; the fields are explained in the table."""

    named: tuple[str, ...] = ()
    runs: Mapping[str, tuple[str, ...]] = {}


class Provider(_Row):
    """One row of the table."""

    spoken: bool = True
    api_base: str | None = None
    example: str | None = None
    key: str | None = None
    base_variables: tuple[str, ...] = ()
    objects: bool = False
    manners: tuple[str, ...] = ()
    openai: Style | None = None
    anthropic: Style | None = None
    google: Style | None = None
    vertex: Style | None = None
    bedrock: Style | None = None
    watsonx: Style | None = None
    names: NameForms | None = None
    models_at: ModelPlaces | None = None

    def style(self, dialect: Dialect) -> Style | None:
        """How it answers calls of that style, if the table says so."""
        style: Style | None = getattr(self, dialect)
        return style

    def may_speak(self, dialect: Dialect, api_base: str | None) -> bool:
        """Whether a deployment at `api_base` may answer calls of a style that the table does not name."""
        if self.api_base is None:
            return not self.styles and (api_base is not None or dialect == "openai")
        return dialect == "openai" or (api_base or self.api_base).rstrip("/") != self.api_base

    @property
    def styles(self) -> list[Style]:
        """Those that the table names."""
        return [style for dialect in get_args(Dialect) if (style := self.style(dialect)) is not None]

    @property
    def roots(self) -> list[str]:
        """The roots of all its styles, the longest first."""
        return sorted({style.root for style in self.styles if style.root}, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Providers:
    """`rows` has all providers by word, `spoken` those of them that are spoken."""

    rows: Mapping[str, Provider]
    spoken: Mapping[str, Provider]

    @property
    def words(self) -> list[str]:
        """All words that are a provider, those that are spoken first."""
        return [*self.spoken, *sorted(self.rows.keys() - self.spoken.keys())]


@cache
def providers() -> Providers:
    """The table, read once."""
    table = yaml.safe_load(files(__package__).joinpath("providers.yaml").read_bytes())
    rows = {name: Provider(spoken=False) for name in table.pop("not_spoken")}
    rows |= TypeAdapter(dict[str, Provider]).validate_python(table)
    return Providers(rows, {name: row for name, row in rows.items() if row.spoken})


@cache
def model_places() -> Mapping[str, ModelPlaces]:
    """Where each provider reads the names of further models (M7)."""
    return {name: row.models_at for name, row in providers().rows.items() if row.models_at is not None}


@cache
def kinds_that_run_models() -> Mapping[str, tuple[str, ...]]:
    """Kinds of tools and plugins, and where in one of them are the models that it runs; `family:*` is for all others
    of a family."""
    return {kind: needed for places in model_places().values() for kind, needed in places.runs.items()}
