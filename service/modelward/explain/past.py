"""A line of the decision log, found again and held against what is decided now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from modelward.contract import JsonObject
from modelward.errors import Invalid, NotFound
from modelward.explain.report import NOT_JUDGED, Past, Refusal, Report

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LoggedCaller(BaseModel):
    """Who asked: the key by its hash, the team and the user by id."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: str
    key: str | None = None
    team: str | None = None
    user: str | None = None


class LoggedReason(BaseModel):
    """Why it was refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rule: str
    message: str


class Logged(BaseModel):
    """One decision as it was logged; fields that are not needed here are left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    time: datetime
    method: str
    path: str
    models: list[str] = []
    caller: LoggedCaller | None = None
    customer: str | None = None
    allow: bool
    reasons: list[LoggedReason] = []
    grants: dict[str, dict[str, str]] = {}
    revision: str = ""
    error: str = ""

    @property
    def time_ns(self) -> int:
        """When it was asked, in nanoseconds since the epoch; a time without a zone is UTC."""
        aware = self.time if self.time.tzinfo else self.time.replace(tzinfo=UTC)
        return (aware - _EPOCH) // timedelta(microseconds=1) * 1_000


def find(lines: Iterable[bytes], decision_id: str) -> Logged:
    """The decision of that id among the lines of a log, where lines of other kinds may stand between. Raises NotFound,
    and Invalid for a line that is no decision of this service."""
    wanted = decision_id.encode()
    for number, line in enumerate(lines, 1):
        if wanted in line and (entry := _entry(line)) is not None and entry.get("id") == decision_id:
            try:
                return Logged.model_validate(entry)
            except ValidationError as error:
                name = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
                raise Invalid(f"line {number} of the log is no decision of this service: see `{name}`") from None
    raise NotFound("no decision of that id is in this log; the id stands in the error, and in `x-request-id`")


def compared(logged: Logged, now: Report) -> Report:
    """The report with what was decided then."""
    reasons = [Refusal(reason.rule, reason.message) for reason in logged.reasons]
    judged = all(each.rule != NOT_JUDGED for each in now.reasons)
    differs = (logged.allow, [each.rule for each in reasons]) != (now.allow, [each.rule for each in now.reasons])
    past = Past(
        id=logged.id,
        time=logged.time.isoformat(),
        allow=logged.allow,
        reasons=reasons,
        grants=logged.grants,
        models=logged.models,
        caller=_plain(logged.caller),
        revision=logged.revision,
        error=logged.error,
        differs=differs if judged else None,
    )
    return replace(now, past=past)


def _plain(caller: LoggedCaller | None) -> JsonObject | None:
    return None if caller is None else caller.model_dump(exclude_none=True)


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    entry = value.get("decision") if isinstance(value, dict) else None
    return entry if isinstance(entry, dict) else None
