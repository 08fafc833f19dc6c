"""What `serve` is started with, and where policies, bundle and tools lie."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self

from pydantic import TypeAdapter

from modelward.hints import meant

_PACKAGE = Path(__file__).parent
_PREFIX = "MODELWARD_"


def folder(name: Literal["policies", "bundle"], environ: Mapping[str, str] = os.environ) -> Path:
    """Where the policies or the bundle are: MODELWARD_POLICIES or MODELWARD_BUNDLE, else the wheel's own folder, else
    the repository's."""
    if chosen := environ.get(_PREFIX + name.upper()):
        return Path(chosen)
    packaged = _PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name


def opa_program(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The `opa` executable on the PATH, if there is one."""
    found = shutil.which("opa", path=environ.get("PATH", ""))
    return Path(found) if found else None


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """`opa_url` is the OPA server of the `opa` engine; `database_url` may hold a password and is not shown."""

    config: Path
    host: str
    port: int
    engine: Literal["embedded", "opa"]
    opa_url: str
    database_url: str = field(repr=False)
    workers: int

    def environment(self) -> dict[str, str]:
        """The same as variables, for processes started by this one."""
        return {_PREFIX + each.name.upper(): str(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Self:
        """What `environment` gave."""
        given = {each.name: environ[_PREFIX + each.name.upper()] for each in fields(cls)}
        return TypeAdapter(cls).validate_python(given)


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """What to say about each variable that begins like those of Modelward and is none of them."""
    known = {each.name.upper() for each in fields(ServeOptions)} | {"BUNDLE", "POLICIES"}
    for name in sorted(environ):
        word = name.removeprefix(_PREFIX)
        if word != name and word not in known:
            close = meant(word, known)
            yield f"`{name}` is no variable of Modelward" + (f"; did you mean `{_PREFIX}{close}`?" if close else "")
