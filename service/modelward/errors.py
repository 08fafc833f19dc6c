"""The error tree.

ModelwardError
├── ConfigError            the config cannot be used; holds every problem found (K3)
├── BundleError            a bundle or its policies cannot be built or are stale
│   └── PolicyError        rules that would not decide what they say; holds every one found
├── DecisionUnavailable    no decision can be had: the caller gets 503 (E4)
│   └── Overloaded         too many wait for a decision: 503, and the caller may try again soon (E4)
├── StoreUnavailable       the subjects cannot be read or written: the caller gets 503 (E4)
├── IssuerUnavailable      the keys that tokens are signed with cannot be had: the caller gets 503 (E4)
└── Refused                the request is answered with an error of its own
    ├── Unidentified       401: the credential names no caller (A2)
    ├── Conflict           409: the config file declares the record (K2), or the name is taken
    ├── NotFound           404: no such record
    └── Invalid            400: the request itself is wrong
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class ModelwardError(Exception):
    """The root of all errors raised on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the config: `file:line:column: message`; lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ConfigError(ModelwardError):
    """The config cannot be used; `problems` holds every one found, sorted by place (K3).

    `files` are those it was read from, also where one is missing: a change to any of them may mend it.
    """

    def __init__(self, problems: Sequence[Problem], files: Sequence[Path] = ()) -> None:
        self.problems = sorted(set(problems))
        self.files = tuple(files)
        super().__init__("\n".join(map(str, self.problems)))


class BundleError(ModelwardError):
    """A bundle cannot be built, or it has no Wasm compiled from the policies at hand."""


class PolicyError(BundleError):
    """Policies that would not decide what they say; `problems` holds every one found, sorted by place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class DecisionUnavailable(ModelwardError):
    """The engine is down, slow, or answered what is not a decision (E4)."""


class Overloaded(DecisionUnavailable):
    """A decision can be had, but too many wait: this one was not asked for, or came too late to count (E4)."""


class StoreUnavailable(ModelwardError):
    """The database did not answer (E4)."""


class IssuerUnavailable(ModelwardError):
    """No key set of the token's issuer was ever read, so the token can be neither trusted nor refused (R1, E4)."""


class Refused(ModelwardError):
    """The request is refused with `status`, error type `kind` and a message for the caller."""

    status = 400
    kind = "invalid_request_error"

    def __init__(self, message: str, *, kind: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind or self.kind
        self.status = status or self.status


class Unidentified(Refused):
    """401: the credential names no caller (A2)."""

    status = 401
    kind = "auth_error"


class Conflict(Refused):
    """409: the config file declares the record (K2), or the name is taken; 400 where LiteLLM answers that."""

    status = 409


class NotFound(Refused):
    """404: no such record."""

    status = 404


class Invalid(Refused):
    """400: the request itself is wrong."""
