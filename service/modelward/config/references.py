"""`os.environ/NAME` in a config: which variables there are and what a missing one means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic_core import PydanticCustomError

PREFIX = "os.environ/"

Secrets = Literal["resolve", "keep", "refuse"]


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables that references are resolved from, and what is done with credentials.

    `resolve`: a credential's reference becomes its value. `keep`: it stays a reference and is not looked up; a
    credential in clear is worth a warning. `refuse`: the same, and a credential in clear is a problem (K4).
    """

    variables: Mapping[str, str] = field(repr=False)
    secrets: Secrets

    @property
    def keeps_credentials(self) -> bool:
        """Whether a credential's reference stays what it is."""
        return self.secrets != "resolve"

    def value(self, text: str) -> str:
        """The text, or what it refers to; a PydanticCustomError says which variable is missing."""
        found = self.find(text)
        if found is None:
            raise PydanticCustomError(
                "missing_variable",
                "the environment variable `{name}` is not set; set it, or name it in `environment_variables`",
                {"name": text.removeprefix(PREFIX)},
            )
        return found

    def find(self, text: str) -> str | None:
        """The text, or what it refers to; `None` if that variable is not set."""
        if not text.startswith(PREFIX):
            return text
        found = self.variables.get(text.removeprefix(PREFIX))
        if found is not None and not _is_unicode(found):
            raise PydanticCustomError(
                "bad_variable",
                "the environment variable `{name}` is not UTF-8; set it to text",
                {"name": text.removeprefix(PREFIX)},
            )
        return found


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
