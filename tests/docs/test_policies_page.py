"""The page for rule authors: the fields, exports, libraries and builders that it names are those that there are."""

import json
import re
import subprocess
from collections.abc import Iterable

import pytest

from docs.pages import table
from docs.schema_words import Fields, records
from harness.bundles import POLICIES, REPOSITORY
from harness.opa import opa_command

PAGE = "docs/policies.md"
INPUT = records("input")
CATALOG = records("catalog")
DECISION = records("decision")


def _documented(record: str) -> Fields:
    """The fields of a record and their types, as the page has them; every field has a meaning."""
    rows = table(PAGE, f"field of {'' if record == 'input' else 'the '}{record}")
    assert all(meaning for _, _, meaning in rows)
    return {field: words for field, words, _ in rows}


def _as_cells(fields: Fields) -> Fields:
    return {field: words.strip("`") for field, words in fields.items()}


def _exported(folder: str) -> dict[str, set[str]]:
    """The public names below a folder of the policies with their arguments, by the folder that they are in."""
    found: dict[str, set[str]] = {}
    for path in POLICIES.glob(f"modelward/{folder}/*.rego"):
        if folder == "testing" or "_test" not in path.name:
            heads = re.findall(r"^([a-z]\w*(?:\([\w, ]*\))?)(?= :=| if| contains)", path.read_text(), re.MULTILINE)
            found.setdefault(path.parent.name, set()).update(heads)
    return found


def _names(heads: Iterable[str]) -> set[str]:
    return {head for head in heads if not head.startswith(("default ", "test_"))}


@pytest.mark.parametrize("record", list(INPUT))
def test_the_fields_of_input_are_those_of_the_page(record: str) -> None:
    assert _documented(record) == _as_cells(INPUT[record])


@pytest.mark.parametrize("record", ["catalog", "settings"])
def test_the_fields_of_the_catalogue_are_those_of_the_page(record: str) -> None:
    assert _documented(record) == _as_cells(CATALOG[record])


@pytest.mark.parametrize("record", ["decision", "subject"])
def test_the_fields_of_a_decision_are_those_of_the_page(record: str) -> None:
    assert _documented(record) == _as_cells(DECISION[record])


def test_the_fields_of_an_entry_are_those_that_the_library_gives() -> None:
    source = (POLICIES / "modelward/lib/catalog/catalog.rego").read_text()
    described = source.partition("_described(model, name, record) := {")[2].partition("\n}")[0]
    fields = re.findall(r'^\t"(\w+)":', described, re.MULTILINE)
    assert {row[0] for row in table(PAGE, "field of `catalog.entry[model]`")} == set(fields)


def test_a_rule_exports_what_the_page_says() -> None:
    checks = REPOSITORY / "service" / "modelward" / "bundle" / "checks"
    command = [opa_command(), "eval", "--data", str(checks), "--format", "raw", "data.checks.exports"]
    exports = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    assert [row[0] for row in table(PAGE, "name")] == exports


def test_the_libraries_have_what_the_page_names() -> None:
    exported = _exported("lib/*")
    for named, _ in table(PAGE, "library"):
        library, _, head = named.partition(".")
        assert head in exported[library], named


def test_the_builders_are_those_of_the_page() -> None:
    assert {row[0] for row in table(PAGE, "builder")} == _names(_exported("testing")["testing"])
