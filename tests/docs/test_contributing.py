"""The page for contributors: the files that it names are there, and a word of the glossary has one meaning."""

import re

from docs.pages import table
from harness.bundles import REPOSITORY

PAGE = "CONTRIBUTING.md"


def test_every_file_to_edit_is_there() -> None:
    paths = {path for row in table(PAGE, "to change") for path in re.findall(r"[\w.-]+(?:/[\w.*-]+)+/?", row[1])}
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not (REPOSITORY / path).exists()] == []


def test_every_thing_that_is_changed_often_has_a_row() -> None:
    assert [row[0] for row in table(PAGE, "to change")] == [
        "a rule of your own",
        "a built-in rule",
        "a check of rules",
        "an endpoint",
        "a field of a body that names objects, or that is refused",
        "a field of a body that would send a call elsewhere",
        "a provider",
        "a field on a key",
        "an error type",
        "a setting",
        "a field of the log",
        "a layer of records that there are",
        "a layer of new records",
    ]


def test_the_glossary_explains_a_word_once() -> None:
    words = [word for row in table(PAGE, "word") for word in row[0].split(", ")]
    assert len(words) == len(set(words))
    assert all(meaning for _, meaning, _ in table(PAGE, "word"))
