"""What `modelward serve` is told on its command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self

from pydantic import TypeAdapter

EngineKind = Literal["embedded", "opa"]


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """`opa_url` is the OPA server of the `opa` engine; `database_url` may hold a password and is not shown."""

    config: Path
    host: str
    port: int
    engine: EngineKind
    opa_url: str
    database_url: str = field(repr=False)
    workers: int

    def environment(self) -> dict[str, str]:
        """The same as variables, for processes started by this one."""
        return {f"MODELWARD_{each.name.upper()}": str(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Self:
        """What `environment` gave."""
        given = {each.name: environ[f"MODELWARD_{each.name.upper()}"] for each in fields(cls)}
        return TypeAdapter(cls).validate_python(given)
