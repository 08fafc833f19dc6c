"""The tables of `docs/refusals.md` and `docs/rules.md` that are made from `bundle/rules.json`.

`make docs` writes them anew.
"""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from endpoint_page import with_part

BEGIN = "<!-- made from the METADATA of the rules by `make docs`: do not edit -->\n"

Rule = Mapping[str, Any]


def refusals(text: str, rules: Iterable[Rule]) -> str:
    """The page of refusals, with a row for each rule that has a place in their order."""
    rows = (
        (f"`{rule['name']}`", str(rule["order"]), str(rule["status"]), f"`{rule['type']}`", rule["advice"])
        for rule in rules
        if rule["order"] is not None
    )
    return with_part(text, BEGIN, _table(("rule", "order", "status", "type", "what to do"), rows))


def by_name(text: str, rules: Iterable[Rule]) -> str:
    """The page of rules, with a row for each rule, by name."""
    rows = ((f"`{rule['name']}`", rule["title"], ", ".join(rule["spec"])) for rule in rules)
    return with_part(text, BEGIN, _table(("rule", "what it asks for", "numbers"), sorted(rows)))


PAGES: Mapping[str, Callable[[str, Iterable[Rule]], str]] = {"docs/refusals.md": refusals, "docs/rules.md": by_name}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n"


if __name__ == "__main__":
    table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name, page in PAGES.items():
        path = Path(name)
        path.write_text(page(path.read_text(encoding="utf-8"), table), encoding="utf-8")
