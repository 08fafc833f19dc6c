"""The names of the service: a public name means one thing, and it is none of the words that the glossary rules out."""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from docs.pages import table
from harness.bundles import REPOSITORY
from harness.sources import parsed

RULED_OUT_IN_NAMES = {"Requester", "Principal", "Vendor", "Backend", "Violation", "Judgement", "Rejection"}
"""Words that have no meaning of their own here. `Body` or `Path` are ruled out for one thing, and right for another."""


@cache
def _modules() -> tuple[ast.Module, ...]:
    return tuple(parsed(path) for path in sorted(REPOSITORY.glob("service/**/*.py")))


def _classes() -> Iterator[str]:
    for module in _modules():
        yield from (node.name for node in ast.walk(module) if isinstance(node, ast.ClassDef) and node.name[0] != "_")


def _aliases() -> Iterator[str]:
    """The types that are given a name at the top of a module, as `Makes = tuple[...]`."""
    for node in (node for module in _modules() for node in module.body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name[0].isupper() and not name.isupper():
                yield name


def test_no_two_public_classes_share_a_name() -> None:
    assert sorted(name for name, times in Counter(_classes()).items() if times > 1) == []


def test_no_class_has_the_name_of_another_type() -> None:
    assert sorted({*_aliases()} & {*_classes()}) == []


@pytest.mark.parametrize("word", sorted(RULED_OUT_IN_NAMES))
def test_a_word_that_the_glossary_rules_out_is_in_no_class_name(word: str) -> None:
    assert word.lower() in {no for row in table("CONTRIBUTING.md", "word") for no in row[2].split(", ")}
    assert [name for name in _classes() if word in name] == []
