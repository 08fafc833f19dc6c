"""What `modelward serve` is told on its command line."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, Self

from pydantic import TypeAdapter

_PREFIX = "MODELWARD_"
_FOLDERS = {"BUNDLE", "POLICIES"}

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
        return {_PREFIX + each.name.upper(): str(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of_environment(cls, environ: Mapping[str, str]) -> Self:
        """What `environment` gave."""
        given = {each.name: environ[_PREFIX + each.name.upper()] for each in fields(cls)}
        return TypeAdapter(cls).validate_python(given)


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """What to say about each variable that begins like those of Modelward and is none of them."""
    known = {each.name.upper() for each in fields(ServeOptions)} | _FOLDERS
    for name in sorted(environ):
        word = name.removeprefix(_PREFIX)
        if word != name and word not in known:
            close = difflib.get_close_matches(word, known, 1, 0.7)
            yield f"`{name}` is no variable of Modelward" + (f"; did you mean `{_PREFIX}{close[0]}`?" if close else "")
