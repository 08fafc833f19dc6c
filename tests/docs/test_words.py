"""The documentation and the docstrings are in plain words: the mannered ones of this list are not in them."""

import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from docs.pages import page
from harness.bundles import REPOSITORY

PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted(REPOSITORY.glob("docs/*.md")))]
NOT_USED = (
    r"afloat|anybody|bearing|bears?|berth|hangs? on|laid (in|into)|lets? \w+ in|mend(ed|s)?|mint(ed|s)?|near miss"
    r"|nobody's|nobody else's|one's own|(am|are|be|is|was|were) told|whoever"
)
NOT_USED_IN_PAGES = rf"{NOT_USED}|stands?|(is|are) no (decision|model|models|path|set|text|texts)"
# A token stands for a user, a default stands in for a claim; nothing else stands.
NOT_USED_IN_CODE = rf"{NOT_USED}|stands?(?! for| in for| in where| still|$)"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_mannered_word(name: str) -> None:
    prose = re.sub(r"^```.*?^```$|<!--.*?-->", "", page(name), flags=re.MULTILINE | re.DOTALL)
    assert [found[0] for found in re.finditer(rf"\b({NOT_USED_IN_PAGES})\b", re.sub(r"`[^`\n]*`", "", prose))] == []


def _said(source: str) -> Iterator[tuple[int, str]]:
    """The lines of docstrings and comments, with their numbers."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and token.string.startswith('"""')):
            yield from enumerate(token.string.splitlines(), token.start[0])


def test_no_docstring_or_comment_of_the_service_has_a_mannered_word() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}: {word[0]}"
        for path in sorted(REPOSITORY.glob("service/**/*.py"))
        for number, line in _said(path.read_text())
        for word in re.finditer(rf"\b({NOT_USED_IN_CODE})\b", re.sub(r"`[^`]*`", "", line))
    ]
    assert found == []
