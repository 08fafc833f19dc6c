"""Every link from one page of the documentation leads somewhere."""

import re
from collections.abc import Iterator

import pytest

from docs.pages import page
from harness.bundles import REPOSITORY

PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted(REPOSITORY.glob("docs/*.md")))]


def _links(name: str) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$", "", page(name), flags=re.MULTILINE | re.DOTALL)
    return (found for found in re.findall(r"\]\(([^)\s]+)\)", prose) if not found.startswith("http"))


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file_and_its_heading(name: str) -> None:
    for link in _links(name):
        path, _, anchor = link.partition("#")
        target = (REPOSITORY / name).parent / path if path else REPOSITORY / name
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target.read_text()), link
