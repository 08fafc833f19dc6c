"""The tables of `docs/config.md` and `docs/endpoints.md` that are made from the table of providers.

`make docs` writes them anew.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from modelward.providers import model_places, providers


def page(text: str) -> str:
    """The page with each table of providers made anew; the other tables stay. A table is known by its head."""
    for head, rows in TABLES.items():
        columns = head.count("|") - 1
        table = f"{head}\n|{' --- |' * columns}\n"
        made = "".join(f"| {' | '.join(row)} |\n" for row in rows())
        text = re.sub(f"({re.escape(table)})(?:\\|.*\n)*", rf"\g<1>{made}", text)
    return text


def _addresses() -> Iterator[tuple[str, ...]]:
    for name, row in providers().spoken.items():
        key = row.key if row.api_base else None
        yield f"`{name}`", f"`{row.api_base}`" if row.api_base else "must be set", f"`{key}`" if key else ""


def _further_names() -> Iterator[tuple[str, ...]]:
    for provider, places in model_places().items():
        yield provider, _coded(places.named)


def _runs() -> Iterator[tuple[str, ...]]:
    for provider, places in model_places().items():
        yield from ((provider, f"`{kind}`", _coded(where)) for kind, where in places.runs.items() if where)


def _coded(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


TABLES = {
    "| provider | address | key |": _addresses,
    "| provider | further names |": _further_names,
    "| provider | what runs a model | where it must be named |": _runs,
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
