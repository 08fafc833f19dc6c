"""A report as text for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

import orjson

from modelward.contract import Reason
from modelward.explain.report import NOT_JUDGED, CallerShown, LayerShown, Logged, Report

_WIDTH = 110
_MOST_ITEMS = 40
_KINDS = {"key": "a key", "jwt": "a token", "master": "the master key"}
_NOW = {True: "the answer differs", False: "the answer is the same", None: "not judged"}


def text(report: Report) -> str:
    """The answer in the first line, then who asked, the layers, and what would allow the call."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    facts = {
        "caller": _caller(report.caller) if report.caller else "",
        "request": report.request,
        "models": ", ".join(report.models),
        "revision": report.revision,
    }
    yield _answer(report.allow, report.reasons)
    yield ""
    yield from _aligned([*facts.items(), *(("note", note) for note in report.notes)])
    if report.layers:
        yield ""
        rows = [(each.layer, each.rule, each.verdict, each.place or "-", _why(each)) for each in report.layers]
        yield from _aligned([("layer", "rule", "verdict", "declared", "why"), *rows])
    if report.past:
        yield ""
        yield f"decision {report.past.id} of {report.past.time.isoformat()}:"
        yield from (f"  {line}" for line in _aligned(_past(report.past)))
    if report.changes and not report.allow:
        yield ""
        yield from _changes(report)


def _answer(allow: bool, reasons: Sequence[Reason]) -> str:
    if allow:
        return "allowed"
    if not reasons:
        return "refused: unknown: no reason was given"
    rule, message = reasons[0].rule, reasons[0].message
    return f"not judged: {message}" if rule == NOT_JUDGED else f"refused: {rule}: {message}"


def _caller(caller: CallerShown) -> str:
    name = _KINDS[caller.kind]
    if caller.key:
        name = f"key {caller.key[:12]}" + (f" ({caller.key_alias})" if caller.key_alias else "")
    owners = (("team", caller.team_id), ("user", caller.user_id), ("role", caller.role))
    return ", ".join([name, *(f"{word} {value}" for word, value in owners if value)])


def _why(layer: LayerShown) -> str:
    covered = _covered(layer.covered)
    if layer.verdict == "allows":
        return covered or "-"
    parts = [f"covers {covered}"] if covered else []
    if layer.list is not None:
        more = f" and {len(layer.list) - _MOST_ITEMS} more" if len(layer.list) > _MOST_ITEMS else ""
        held = f"its list holds {', '.join(layer.list[:_MOST_ITEMS])}{more}"
        parts = [held if layer.list else "its list is empty", *parts]
    return "; ".join(parts) or layer.messages[0]


def _covered(models: dict[str, str], between: str = "; ") -> str:
    return between.join(f"{model} by {by}" for model, by in models.items())


def _past(past: Logged) -> Iterator[tuple[str, str]]:
    decided = past.allow or past.reasons
    yield "then", _answer(past.allow, past.reasons) if decided else f"not decided: {past.error}"
    yield from (("also", f"{reason.rule}: {reason.message}") for reason in past.reasons[1:])
    yield "covered", "; ".join(f"{layer}: {_covered(models, ', ')}" for layer, models in past.grants.items())
    for each in past.skipped_fallbacks:
        yield "skipped", f"fallback {each.get('model', '?')}: {each.get('rule', '?')}"
    yield "revision", past.revision
    yield "now", _NOW[past.differs]


def _changes(report: Report) -> Iterator[str]:
    if report.verified:
        yield "to allow it:"
    elif report.tried:
        yield "tried, and still refused; more than this is needed:"
    else:
        yield "to allow it (not verified: the outcome cannot be known here):"
    for number, change in enumerate(report.changes, 1):
        start = f"  {number}. "
        indent = " " * len(start)
        words = f"{change.words}  [{change.place}]" if change.place else change.words
        yield from textwrap.wrap(words, _WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False)
        if change.call:
            yield f"{indent}{change.call.method} {change.call.path} {orjson.dumps(change.call.body).decode()}"


def _aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows that say something as columns; the last one is as wide as it needs to be, and control characters are
    shown as `?`."""
    safe = [["".join(char if char.isprintable() else "?" for char in cell) for cell in row] for row in rows if row[-1]]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)][:-1]
    for row in safe:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
