"""One provider: where it answers, and how it answers calls of each style. The rows are in `providers.yaml`."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from modelward.gateway.routes import Dialect

NOTHING: Mapping[str, str] = {}


class Style(BaseModel):
    """How a provider answers calls of one style; the fields are explained in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    root: str = ""
    path: str = "{path}"
    model_path: str | None = None
    key_header: str = "authorization"
    api_version: str | None = None
    headers: Mapping[str, str] = NOTHING


class Provider(BaseModel):
    """One row of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_base: str | None = None
    example: str | None = None
    objects: bool = False
    openai: Style | None = None
    anthropic: Style | None = None
    google: Style | None = None
    vertex: Style | None = None
    bedrock: Style | None = None
    watsonx: Style | None = None

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
        styles = (self.openai, self.anthropic, self.google, self.vertex, self.bedrock, self.watsonx)
        return [style for style in styles if style is not None]

    @property
    def roots(self) -> list[str]:
        """The roots of all its styles, the longest first."""
        return sorted({style.root for style in self.styles if style.root}, key=len, reverse=True)


class ModelPlaces(BaseModel):
    """Where a provider reads the names of further models; the fields are explained in the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    named: tuple[str, ...] = ()
    runs: Mapping[str, tuple[str, ...]] = {}
