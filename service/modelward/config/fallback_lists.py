"""The fallbacks of both sections, made one (F2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from modelward.config.report import Report
from modelward.config.sections import Sections
from modelward.config.values import Path
from modelward.contract import Fallbacks

Kind = Literal["general", "context_window", "content_policy"]

_KINDS: dict[str, Kind] = {
    "fallbacks": "general",
    "context_window_fallbacks": "context_window",
    "content_policy_fallbacks": "content_policy",
}


@dataclass(frozen=True, slots=True)
class FallbackList:
    """The targets of one model's name, or of `*`, with the list's place."""

    kind: Kind
    name: str
    path: Path
    targets: tuple[str, ...]


def fallback_lists(sections: Sections) -> Iterator[FallbackList]:
    """Every list of targets, in the order of the file's sections and settings."""
    for section, settings in (("router_settings", sections.router), ("litellm_settings", sections.litellm)):
        for field, kind in _KINDS.items():
            for index, targets_of in enumerate(getattr(settings, field)):
                for name, targets in targets_of.items():
                    yield FallbackList(kind, name, (section, field, index, name), tuple(targets))
        if settings.default_fallbacks:
            yield FallbackList("general", "*", (section, "default_fallbacks"), tuple(settings.default_fallbacks))


def fallbacks(sections: Sections, report: Report) -> Fallbacks:
    """All fallbacks; a name with two lists of targets of one kind is a problem."""
    first: dict[tuple[Kind, str], FallbackList] = {}
    for found in fallback_lists(sections):
        known = first.setdefault((found.kind, found.name), found)
        if known.targets != found.targets:
            where = ".".join(map(str, known.path[:2]))
            report.problem(found.path, f"`{found.name}` has other targets in `{where}`; keep one of the two", key=True)
    targets: dict[Kind, dict[str, tuple[str, ...]]] = {kind: {} for kind in _KINDS.values()}
    for (kind, name), found in first.items():
        targets[kind][name] = found.targets
    return Fallbacks(**targets)
