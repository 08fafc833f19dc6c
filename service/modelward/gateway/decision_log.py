"""One line for every decision, allowed or refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from modelward.contract import Caller, Decision, Request
from modelward.contract.facts import masked

_KEY_BEGINS = b"sk-"


@dataclass(slots=True)
class LogEntry:
    """What is known of one request; the line is made of it once it is answered. Only there are `models` and `grants`
    without what looks like a key."""

    id: str
    time: str
    method: str
    path: str
    route: str = ""
    models: list[str] = field(default_factory=list)
    caller: dict[str, Any] | None = None
    customer: str | None = None
    allow: bool = False
    reasons: list[dict[str, str]] = field(default_factory=list)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)
    revision: str = ""
    status: int = 0
    deployment: str | None = None
    fallbacks: list[dict[str, Any]] = field(default_factory=list)
    skipped_fallbacks: list[dict[str, str]] = field(default_factory=list)
    error: str = ""

    def called_by(self, caller: Caller) -> None:
        """Notes who asks; for a token, the decision says whom it stands for."""
        self.caller = {
            "kind": caller.kind,
            "key": caller.key.token if caller.key else None,
            "team": caller.team.team_id if caller.team else None,
            "user": caller.user.user_id if caller.user else None,
        }

    def decided(self, request: Request, decision: Decision) -> None:
        """Notes what was asked and decided."""
        self.models = request.models
        if self.caller is not None and self.caller["kind"] == "jwt":
            subject = decision.subject
            self.caller |= {"team": subject.team_id, "user": subject.user_id, "role": subject.role}
        self.allow = decision.allow
        self.reasons = [{"rule": reason.rule, "message": reason.message} for reason in decision.reasons]
        self.grants = decision.grants
        self.revision = decision.revision

    def answered(self, status: int, deployment: str | None) -> None:
        """Notes what the client got, and the id of the deployment that gave it, if any."""
        self.status, self.deployment = status, deployment

    def fell_back(self, target: str, decision: Decision) -> None:
        """Notes the yes to a fallback of the config (F2)."""
        self.fallbacks.append({"model": target, "grants": decision.grants})


def _shown(grants: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {layer: {masked(name): by for name, by in covered.items()} for layer, covered in grants.items()}


class DecisionLog:
    """Makes a line of every entry, and hands it to `write`, which must not wait for the reader of the log."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def add(self, entry: LogEntry) -> None:
        """Takes one entry; no credential is in its line (K4)."""
        line = _line(entry)
        if _KEY_BEGINS in line:
            entry.models = list(dict.fromkeys(map(masked, entry.models)))
            entry.grants = _shown(entry.grants)
            entry.fallbacks = [each | {"grants": _shown(each["grants"])} for each in entry.fallbacks]
            line = _line(entry)
        self._write(line)


def _line(entry: LogEntry) -> bytes:
    return orjson.dumps({"decision": entry}, option=orjson.OPT_APPEND_NEWLINE)
