"""What an explanation says: a decision in the words of those who must act on it."""

from dataclasses import dataclass, field
from typing import Literal

from modelward.contract import JsonObject

NOT_JUDGED = "not_judged"
"""Stands for a rule where the question cannot be asked again."""

Verdict = Literal["allows", "denies"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason for a no: the rule, or the error type of a credential that is refused before any rule."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class CallerShown:
    """Whom the decision was made for; `key` is the hash, `None` for a key made up for the question."""

    kind: Literal["key", "jwt", "master"]
    key: str | None = None
    key_alias: str | None = None
    team_id: str | None = None
    user_id: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class LayerShown:
    """One rule's part: what covers each model, or the list that does not, and where that list is declared.

    `list` is `None` where the rule holds the models against no list; `place` is `file:line:column`, `database`, or
    `None` where no single record holds the list.
    """

    rule: str
    layer: str
    verdict: Verdict
    covered: dict[str, str]
    place: str | None
    messages: list[str]
    list: list[str] | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the management API."""

    method: str
    path: str
    body: JsonObject


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a denial needs: at a place of the config (`file:line:column`), by a call of the management API,
    or, with neither, by whoever sends the request or issues the token."""

    rule: str
    layer: str
    words: str
    place: str | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided when the request came, as the decision log has it; `differs` if it is answered otherwise now,
    `None` if the log does not say enough to ask again. `skipped_fallbacks` are the models that the request could not
    fall back to, each with the rule that refused it (F2)."""

    id: str
    time: str
    allow: bool
    reasons: list[Refusal]
    grants: dict[str, dict[str, str]]
    models: list[str]
    caller: JsonObject | None
    revision: str
    error: str
    differs: bool | None
    skipped_fallbacks: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to one question, and why. `tried` says that a decision was made with all `changes` applied, and
    `verified` that it allowed the call: where only the first holds, they do not suffice. `notes` are what the answer
    does not take into account."""

    allow: bool
    reasons: list[Refusal]
    request: str
    models: list[str]
    caller: CallerShown | None
    revision: str
    layers: list[LayerShown] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    tried: bool = False
    verified: bool = False
    notes: list[str] = field(default_factory=list)
    past: Past | None = None
