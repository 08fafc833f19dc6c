"""A report as text for a terminal."""

import textwrap
from collections.abc import Iterator, Sequence

import orjson

from modelward.explain.report import NOT_JUDGED, CallerShown, Change, LayerShown, Logged, ReasonShown, Report

_WIDTH = 110
_MOST_ITEMS = 40
_NOW = {True: "the answer differs", False: "the answer is the same", None: "not judged"}


def text(report: Report) -> str:
    """The answer in the first line, then who asked, the layers, and what would allow the call."""
    return "\n".join([_answer(report.allow, report.reasons), *_body(report)]) + "\n"


def _body(report: Report) -> Iterator[str]:
    yield ""
    yield from _aligned([[name, value] for name, value in _facts(report) if value])
    if report.layers:
        yield ""
        yield from _aligned([["layer", "rule", "verdict", "declared", "why"], *map(_row, report.layers)])
    if report.past:
        yield ""
        yield from _past(report.past)
    yield from _changes(report)


def _answer(allow: bool, reasons: Sequence[ReasonShown]) -> str:
    if allow:
        return "allowed"
    first = reasons[0] if reasons else ReasonShown("unknown", "no reason was given")
    if first.rule == NOT_JUDGED:
        return f"not judged: {first.message}"
    return f"refused: {first.rule}: {first.message}"


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    yield "caller", _caller(report.caller) if report.caller else ""
    yield "request", report.request
    yield "models", ", ".join(report.models)
    yield "revision", report.revision
    for note in report.notes:
        yield "note", note


def _caller(caller: CallerShown) -> str:
    if caller.kind == "master":
        return "the master key"
    name = {"key": "a key", "jwt": "a token"}[caller.kind]
    if caller.key:
        name = f"key {caller.key[:12]}" + (f" ({caller.key_alias})" if caller.key_alias else "")
    owners = [("team", caller.team_id), ("user", caller.user_id), ("role", caller.role)]
    return ", ".join([name, *(f"{word} {value}" for word, value in owners if value)])


def _row(layer: LayerShown) -> list[str]:
    return [layer.layer, layer.rule, layer.verdict, layer.place or "-", _why(layer)]


def _why(layer: LayerShown) -> str:
    covered = "; ".join(f"{model} by {by}" for model, by in layer.covered.items())
    if layer.verdict == "allows":
        return covered or "-"
    held = "" if layer.list is None else _items(layer.list)
    return "; ".join(part for part in (held, covered and f"covers {covered}") if part) or layer.messages[0]


def _items(items: Sequence[str]) -> str:
    if not items:
        return "its list is empty"
    more = f" and {len(items) - _MOST_ITEMS} more" if len(items) > _MOST_ITEMS else ""
    return "its list holds " + ", ".join(items[:_MOST_ITEMS]) + more


def _past(past: Logged) -> Iterator[str]:
    yield f"decision {past.id} of {past.time.isoformat()}:"
    facts = [
        ["then", _answer(past.allow, past.reasons) if past.allow or past.reasons else f"not decided: {past.error}"],
        *(["also", f"{reason.rule}: {reason.message}"] for reason in past.reasons[1:]),
        ["covered", "; ".join(f"{layer}: {_pairs(models)}" for layer, models in past.grants.items())],
        *(["skipped", _skipped(each)] for each in past.skipped_fallbacks),
        ["revision", past.revision],
        ["now", _NOW[past.differs]],
    ]
    yield from (f"  {line}" for line in _aligned([row for row in facts if row[1]]))


def _pairs(models: dict[str, str]) -> str:
    return ", ".join(f"{model} by {by}" for model, by in models.items())


def _skipped(fallback: dict[str, str]) -> str:
    return f"fallback {fallback.get('model', '?')}: {fallback.get('rule', '?')}"


def _changes(report: Report) -> Iterator[str]:
    if report.allow or not report.changes:
        return
    yield ""
    yield _heading(report)
    for number, change in enumerate(report.changes, 1):
        yield from _change(f"  {number}. ", change)


def _heading(report: Report) -> str:
    if report.verified:
        return "to allow it:"
    if report.tried:
        return "tried, and still refused; more than this is needed:"
    return "to allow it (not verified: the outcome cannot be known here):"


def _change(start: str, change: Change) -> Iterator[str]:
    where = f"  [{change.place}]" if change.place else ""
    indent = " " * len(start)
    yield from textwrap.wrap(
        f"{change.words}{where}", _WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False
    )
    if change.call:
        yield f"{indent}{change.call.method} {change.call.path} {orjson.dumps(change.call.body).decode()}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as columns; the last one is as wide as it needs to be, and control characters are shown as `?`."""
    safe = [["".join(char if char.isprintable() else "?" for char in cell) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in safe) for place in range(len(safe[0]) - 1)] if safe else []
    for row in safe:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
