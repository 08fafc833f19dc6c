"""The error tree.

ModelwardError
├── ConfigError            the config cannot be used; holds every problem found (K3)
├── BundleError            a bundle or its policies cannot be built or are stale
│   └── PolicyError        rules that would not decide what they say; holds every one found
├── DecisionUnavailable    no decision can be had: the caller gets 503 (E4)
│   ├── Overloaded         too many wait for a decision: 503, and the caller may try again soon (E4)
│   └── Superseded         another config is in force: the request is judged again (E4)
├── StoreUnavailable       the subjects cannot be read or written: the caller gets 503 (E4)
├── IssuerUnavailable      the keys that tokens are signed with cannot be had: the caller gets 503 (E4)
├── JwksError              an address gave no set of keys
├── Denied                 the decision is no
├── Refused                the request is answered with an error of its own
│   ├── Unidentified       401: the credential names no caller (A2)
│   ├── Conflict           409: the config file declares the record (K2), or the name is taken
│   ├── NotFound           404: no such record
│   ├── Invalid            400: the request itself is wrong
│   └── BodyLost           503: the body of a request cannot be read to its end
├── UpstreamError          the upstream gave no answer, or half of one
│   ├── NotReached         another deployment may be tried
│   ├── TimedOut           the upstream was silent for too long
│   ├── Broken             the answer began, and is not whole or is no HTTP
│   ├── AnswerCut          half an answer was passed on
│   └── Withheld           the rest of an answer may not be passed on
├── Unusable               a deployment cannot be called as it is configured
│   ├── OtherStyle         its provider does not speak the call's style
│   └── ServedElsewhere    another model that the call names is served elsewhere
├── Withdrawn              a fallback may not run any more
└── NotTold                an answer does not say what it made
Exception
├── ClientLeft             the client was gone before its request was whole
├── Malformed              a request that the server itself answers
├── Closed                 the upstream closed its socket
└── Ended                  a socket must end
ValueError
└── AliasCycle             an alias that leads back to itself

Denied, Withheld and Ended hold the answer that the gateway gives, and are defined beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
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

    `files` are those it was read from, also where one is missing: a change to any of them may correct it.
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


class Superseded(DecisionUnavailable):
    """Another config came into force while the request was judged or waited, or what serves it changed: it is to be
    judged again, as a whole, by what is in force now."""


class StoreUnavailable(ModelwardError):
    """The database did not answer (E4)."""


class IssuerUnavailable(ModelwardError):
    """No key set of the token's issuer was ever read, so the token can be neither trusted nor refused (R1, E4)."""


class JwksError(ModelwardError):
    """The address gave no key set. Messages name it without user, password and query (K4)."""


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


class BodyLost(Refused):
    """503: the body of a request cannot be read to its end here; no upstream is at fault."""

    status = 503
    kind = "server_error"


class UpstreamError(ModelwardError):
    """The upstream gave no answer, or half of one. Messages name no address and no secret (K4)."""


class NotReached(UpstreamError):
    """There is no connection, or it ended before the first byte of an answer: another deployment may be tried.

    So too where a streamed body was on its way: an upstream that got part of it has no whole request to act on.
    """


class TimedOut(UpstreamError):
    """The upstream was silent for too long."""


class Broken(UpstreamError):
    """The answer began, and is not whole or is no HTTP."""


class AnswerCut(UpstreamError):
    """Half an answer was passed on: the server must close the connection, so that no client takes it for whole."""


class Unusable(ModelwardError):
    """A deployment cannot be called as it is configured; the message says why, and holds no address or secret."""


class OtherStyle(Unusable):
    """A deployment's provider does not speak the call's style."""


class ServedElsewhere(Unusable):
    """A deployment cannot take a call, as another model that the call names is served elsewhere."""


class Withdrawn(ModelwardError):
    """A fallback may not run any more: its `before_sending` says no."""


class NotTold(ModelwardError):
    """An answer does not say what it made, so it cannot be bound to anyone and is not shown."""


class ClientLeft(Exception):
    """The client was gone before its request was whole; there is nobody to answer."""


class Malformed(Exception):
    """A request that is answered by the server itself and ends its connection."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message)
        self.status = status


class Closed(Exception):
    """The upstream closed its socket, or lost it: `code` is its own, 1006 where it gave none."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the upstream closed the socket with {code}")
        self.code = code


class AliasCycle(ValueError):
    """An alias that leads back to itself; `names` is the circle, from its first name to the same name again."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(" -> ".join(f"`{name}`" for name in names))
