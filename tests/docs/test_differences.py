"""Every intended difference from LiteLLM is named, and shown by something that runs."""

import json
import re

from compare.differences import DIFFERENCES
from docs.pages import blocks, page, table
from harness.bundles import REPOSITORY

ROWS = table("docs/differences.md", "difference")
NAMES = [row[0] for row in ROWS]
NUMBERS = [name.partition(",")[0] for name in NAMES]
CASES = {
    case["id"]: case
    for case in map(json.loads, (REPOSITORY / "tests/access/access_cases.jsonl").read_text().splitlines())
}
DECIDED_BESIDE_THE_POLICIES = {"M3", "M5", "M6", "M7", "L12", "F1", "F2"}


def _marked_in_the_rules() -> set[str]:
    bullets = re.split(r"^- ", page("docs/rules.md"), flags=re.MULTILINE)[1:]
    return {number for bullet in bullets if "**Differs" in bullet for number in re.findall(r"^\*\*(\w+)\*\*", bullet)}


def _marked_in_the_policies() -> set[str]:
    sources = [path.read_text() for path in REPOSITORY.glob("policies/**/*.rego")]
    lists = [found for source in sources for found in re.findall(r"^#   differs: \[(.*)\]$", source, re.MULTILINE)]
    return {number for found in lists for number in found.split(", ")}


def test_the_list_of_differences_is_what_the_rules_page_marks() -> None:
    assert set(NUMBERS) == _marked_in_the_rules()
    assert len(NAMES) == len(set(NAMES))


def test_the_list_of_differences_is_what_the_policies_mark_and_what_is_decided_beside_them() -> None:
    assert set(NUMBERS) - DECIDED_BESIDE_THE_POLICIES == _marked_in_the_policies()
    assert set(NUMBERS) >= DECIDED_BESIDE_THE_POLICIES


def test_the_summary_names_every_difference() -> None:
    section = page("docs/differences.md").partition("## In short")[2].partition("\n## ")[0]
    assert set(re.findall(r"\b([A-Z]\d+)\b", section)) == set(NUMBERS)


def test_what_explains_a_disagreement_in_the_comparison_is_a_named_difference() -> None:
    assert {difference.name for difference in DIFFERENCES} <= set(NAMES)


def test_the_figures_of_the_comparison_are_those_of_named_differences_alone() -> None:
    figures = [line for text in blocks("docs/differences.md", "text") for line in text.splitlines()[1:]]
    counted = {name: int(count) for count, _, name in (line.strip().partition("  ") for line in figures)}
    assert counted.pop("explained by none") == 0
    assert counted.keys() <= set(NAMES)


def test_every_difference_is_shown_by_a_case_where_litellm_differs_or_by_a_test() -> None:
    for number, *_, shown in ROWS:
        if shown in CASES:
            assert CASES[shown].get("divergence"), number
        else:
            path, _, name = shown.partition("::")
            assert re.search(rf"(def {name}\(|^{name} if|\"id\": \"{name}\")", page(path), re.MULTILINE), number
            assert name, number
