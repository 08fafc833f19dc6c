"""The documentation as tests read it: code blocks and tables."""

import re

from harness.bundles import REPOSITORY


def page(name: str) -> str:
    """The text of a page."""
    return (REPOSITORY / name).read_text()


def blocks(name: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


def table(name: str, first_header: str) -> list[list[str]]:
    """The rows of a page's tables that begin with a header, cells without their back-quotes' outermost pair."""
    rows: list[list[str]] = []
    inside = False
    for line in page(name).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == first_header:
            inside = True
        elif inside and not set(line) <= set("|- "):
            rows.append([cell.strip("`") for cell in cells])
    return rows
