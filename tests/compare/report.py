"""What a run says."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import yaml

from compare.case import Case
from compare.modelward_process import config_text
from compare.run import Answered

Fields = dict[str, Any]


def summary(seed: int, worlds: int, asked: int, explained: Counter[str], unexplained: int) -> str:
    """How many disagreements each difference explains, and how many none does."""
    lines = [f"{count:6}  {name}" for name, count in sorted(explained.items())]
    head = f"seed {seed}: {worlds} worlds, {asked} questions; disagreements by the difference that explains them:"
    return "\n".join([head, *lines, f"{unexplained:6}  explained by none"])


def case_text(case: Case, names: Iterable[str] | None) -> str:
    """A disagreement in some lines, with the command that shows its world in full."""
    why = f"explained by {', '.join(sorted(names))}" if names is not None else "EXPLAINED BY NONE"
    question = case.question
    points = ", ".join(f"{point.kind} {point.name}".strip() for point in sorted(case.points))
    return "\n".join(
        [
            f"{why}: {points}",
            f"  python -m compare --seed {case.world.seed} --world {case.world.number}",
            f"  {question['method']} {question['path']} {question['headers'] or ''} {_asked(question)}",
            f"  caller    {question['caller'] if case.claims is not None else case.key}",
            f"  modelward {_answered(case.ours)} {', '.join(case.ours['rules'])}",
            f"  litellm   {_answered(case.theirs)}",
        ]
    )


def world_text(answered: Answered) -> str:
    """A whole world as Modelward's config.yaml, and what both answered to each question."""
    asked = zip(answered.world.questions, answered.ours, answered.theirs, strict=True)
    lines = [
        f"{question['path']} {_asked(question)} {question['caller']}\n  {_answered(ours)} | {_answered(theirs)}"
        for question, ours, theirs in asked
    ]
    return "\n".join([config_text(answered.world), *lines, ""])


def _asked(question: Fields) -> str:
    body = {name: value for name, value in (question["body"] or {}).items() if name != "messages"}
    return yaml.safe_dump(body, default_flow_style=True, width=1000, allow_unicode=True).strip() if body else ""


def _answered(answer: Fields) -> str:
    said = answer["served"] or answer["models"] or f"{answer['type']}: {answer['message']}"
    return f"{answer['status']} {said}"
