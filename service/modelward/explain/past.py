"""A line of the decision log, found again and held against what is decided now."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import orjson
from pydantic import ValidationError

from modelward.contract import Operation, Reason
from modelward.errors import Invalid, NotFound
from modelward.explain.report import NOT_JUDGED, Logged, Report

_UNLOGGED = {
    "well_formed": "the body of a request is not logged",
    "names_agree": "what else the request named as its model is not logged",
    "listing_team": "the team that a listing names is not logged",
}
"""By the rule that refused: the fact that it rests on, and that a line of the log does not hold."""


def find(lines: Iterable[bytes], decision_id: str) -> Logged:
    """The decision of that id among the lines of a log, where lines of other kinds may be between. Raises NotFound,
    and Invalid for a line that is no decision of this service."""
    wanted = decision_id.encode()
    for number, line in enumerate((line if wanted in line else b"{}" for line in lines), 1):
        value = None
        with suppress(orjson.JSONDecodeError):
            value = orjson.loads(line)
        entry = value.get("decision") if isinstance(value, dict) else None
        if isinstance(entry, dict) and entry.get("id") == decision_id:
            try:
                return Logged.model_validate(entry)
            except ValidationError as error:
                name = ".".join(map(str, error.errors(include_input=False)[0]["loc"]))
                raise Invalid(f"line {number} of the log is no decision of this service: see `{name}`") from None
    raise NotFound("no decision of that id is in this log; the id is in the error, and in `x-request-id`")


def unlogged(logged: Logged, operation: Operation) -> str | None:
    """Why the question of a line cannot be asked again: a fact that it rests on is not in the log. `None` if it can."""
    if logged.caller is None:
        return "the request named no caller that is known"
    if logged.caller.kind == "jwt":
        return "a token's claims are not logged: ask again with them"
    rules = [reason.rule for reason in logged.reasons]
    facts = [_UNLOGGED[rule] for rule in rules if rule in _UNLOGGED]
    if operation == "info" and "admin_only" in rules:
        facts.append("whose record was asked for is not logged")
    if not logged.allow and not rules:
        facts.append("the request was not decided")
    return f"{facts[0]}: ask again by caller, route and model" if facts else None


def compared(logged: Logged, now: Report, why_unjudged: str | None) -> Report:
    """The report with what was decided then, and whether that differs; without an answer where that would not be one
    to the same question."""
    if why_unjudged is not None:
        reasons = [Reason(rule=NOT_JUDGED, message=why_unjudged)]
        return replace(now, allow=False, reasons=reasons, changes=[], verified=False, tried=False, past=logged)
    then = (logged.allow, [each.rule for each in logged.reasons])
    differs = then != (now.allow, [each.rule for each in now.reasons])
    return replace(now, past=logged.model_copy(update={"differs": differs}))
