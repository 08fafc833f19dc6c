"""The upstream's name for a model that was asked for through a wildcard entry."""

from modelward.contract import Deployment


def upstream_model(deployment: Deployment, asked: str) -> str:
    """The name to send for `asked`: what each `*` of the entry stands for fills the `*` of the model, in order.

    `openai/*` served by the model `*` sends `gpt-4o` for `openai/gpt-4o`, and for the bare `gpt-4o` too (C3).
    """
    if "*" not in deployment.model:
        return deployment.model
    return fill(deployment.model, _matched(deployment.entry, asked))


def match(pattern: str, name: str) -> list[str] | None:
    """What each `*` of `pattern` stands for in `name`, the shortest run first; `None` if it does not match (C2)."""
    first, *rest = pattern.split("*")
    if not rest:
        return [] if name == pattern else None
    *middle, last = rest
    end = len(name) - len(last)
    if not name.startswith(first) or not name.endswith(last) or end < len(first):
        return None
    runs, start = [], len(first)
    for literal in middle:
        found = name.find(literal, start, end)
        if found < 0:
            return None
        runs.append(name[start:found])
        start = found + len(literal)
    return [*runs, name[start:end]]


def fill(model: str, runs: list[str]) -> str:
    """`model` with each `*` replaced by the next of `runs`; a `*` without one is left out."""
    first, *rest = model.split("*")
    runs = runs + [""] * len(rest)
    return first + "".join(run + literal for run, literal in zip(runs, rest, strict=False))


def _matched(entry: str, asked: str) -> list[str]:
    """The runs of `asked`, or of `provider/asked` with the entry's provider; else the whole name is the first run."""
    for name in (asked, f"{entry.partition('/')[0]}/{asked}"):
        runs = match(entry, name)
        if runs is not None:
            return runs
    return [asked]
