"""The documentation is in plain words: the mannered ones of this list are not in it."""

import re

import pytest

from docs.pages import page
from harness.bundles import REPOSITORY

PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted(REPOSITORY.glob("docs/*.md")))]
NOT_USED = (
    r"afloat|anybody|bearing|bears?|berth|hangs? on|laid (in|into)|lets? \w+ in|mend(ed|s)?|mint(ed|s)?|near miss"
    r"|nobody's|nobody else's|one's own|stands?|(am|are|be|is|was|were) told|whoever"
    r"|(is|are) no (decision|model|models|path|set|text|texts)"
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_mannered_word(name: str) -> None:
    prose = re.sub(r"^```.*?^```$|<!--.*?-->", "", page(name), flags=re.MULTILINE | re.DOTALL)
    assert [found[0] for found in re.finditer(rf"\b({NOT_USED})\b", re.sub(r"`[^`\n]*`", "", prose))] == []
