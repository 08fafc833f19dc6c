"""The policies are in order: every rule has its place, its answer, its words and its test."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engines.naive_order import ORDER
from harness.bundles import POLICIES
from harness.opa import opa_command
from harness.tables import for_each
from modelward.bundle import read_rules

BY_THE_VERDICT = {"no_grant", "provider_not_spoken", "provider_not_configured", "rule_malformed"}
DENY_NOTHING = {"fallback_waiver", "master_key"}
RULES = POLICIES / "modelward" / "rules"
TOKEN_RULES = POLICIES / "modelward" / "token_rules"
SOURCES = sorted(path for path in POLICIES.rglob("*.rego") if not path.name.endswith("_test.rego"))
RULE_SOURCES = [path for path in SOURCES if path.is_relative_to(RULES) or path.is_relative_to(TOKEN_RULES)]


@cache
def opa(*arguments: str) -> Any:
    """What `opa` prints, as JSON."""
    done = subprocess.run([opa_command(), *arguments], check=True, capture_output=True, timeout=180)
    return json.loads(done.stdout)


@cache
def rule_names(path: Path) -> frozenset[str]:
    """The names of the rules in a file."""
    heads = [rule["head"] for rule in opa("parse", "--format", "json", str(path)).get("rules", [])]
    return frozenset(str(head.get("name") or head["ref"][0]["value"]) for head in heads)


def order() -> list[str]:
    """The rules that have a place among those that refuse, by their METADATA."""
    return [rule.name for rule in read_rules(POLICIES).values() if rule.order is not None]


def order_of_the_tests() -> list[str]:
    """The same as the tests of the policies have it."""
    data = ["--data", str(POLICIES), "--format", "values"]
    [names] = opa("eval", *data, "data.modelward.testing_test.refusals")
    return [str(name) for name in names]


def denying() -> set[str]:
    """The rule folders that deny."""
    return {path.parent.name for path in RULE_SOURCES if "deny" in rule_names(path)} - DENY_NOTHING


def annotations() -> dict[str, dict[str, Any]]:
    """METADATA by the dotted path of what it describes."""
    found: dict[str, dict[str, Any]] = {}
    for item in opa("inspect", "--annotations", "--format", "json", str(POLICIES))["annotations"]:
        path = ".".join(str(part["value"]) for part in item["path"])
        found[path] = found.get(path, {}) | item["annotations"]
    return found


def of_the_spec() -> set[str]:
    """The rule folders that deny and cite the spec; one without a citation is somebody's own."""
    said = annotations()
    cites = {path.parent.name for path in RULE_SOURCES if said.get(package_of(path), {}).get("custom", {}).get("spec")}
    return denying() & cites


def package_of(path: Path) -> str:
    """The dotted path of a file's package, which is that of its folder."""
    return ".".join(["data", *path.parent.relative_to(POLICIES).parts])


def test_every_denying_rule_of_the_spec_has_a_place_in_the_order_and_no_place_is_empty() -> None:
    assert set(order()) == of_the_spec() | BY_THE_VERDICT


def test_no_two_rules_have_one_place() -> None:
    places = [rule.order for rule in read_rules(POLICIES).values() if rule.order is not None]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("expected", [list(ORDER), order_of_the_tests()], ids=["naive model", "tests of the policies"])
def test_the_order_of_the_metadata_is_that_of_the_spec(expected: list[str]) -> None:
    assert [name for name in order() if name in expected] == expected


def test_every_rule_that_refuses_says_what_a_caller_may_do() -> None:
    assert [rule.name for rule in read_rules(POLICIES).values() if rule.order is not None and not rule.advice] == []


def test_the_metadata_is_read_as_opa_reads_it() -> None:
    said = annotations()
    for rule in read_rules(POLICIES).values():
        package = said[f"data.modelward.{rule.folder}" + (f".{rule.name}" if rule.folder != "verdict" else "")]
        custom = package["custom"]["refusals"][rule.name] if rule.folder == "verdict" else package["custom"]
        title = custom["title"] if rule.folder == "verdict" else package["title"]
        assert custom | {"title": title} == {field: getattr(rule, field) for field in [*custom, "title"]}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_file_has_the_name_of_its_folder_and_its_package_too(path: Path) -> None:
    parsed = opa("parse", "--format", "json", str(path))["package"]["path"]
    assert path.stem == path.parent.name
    assert ".".join(str(part["value"]) for part in parsed) == package_of(path)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_package_says_what_it_is_for(path: Path) -> None:
    said = annotations()[package_of(path)]
    assert said["title"]
    assert said["description"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_public_rule_says_what_it_means(path: Path) -> None:
    said = annotations()
    public = {name for name in rule_names(path) if not name.startswith("_")}
    described = {name for name in public if {"title", "description"} & set(said.get(f"{package_of(path)}.{name}", ()))}
    assert described == public


@pytest.mark.parametrize("folder", [RULES, TOKEN_RULES], ids=lambda folder: folder.name)
def test_a_folder_of_rules_holds_rules_that_deny(folder: Path) -> None:
    assert denying() & {path.name for path in folder.iterdir()}


def test_no_rule_for_tokens_bears_the_name_of_another_rule() -> None:
    assert len(RULE_SOURCES) == len({path.stem for path in RULE_SOURCES})


def test_every_rule_with_a_place_in_the_order_cites_the_spec() -> None:
    assert set(order()) - BY_THE_VERDICT <= of_the_spec()


@for_each("path", sorted(POLICIES.rglob("*.rego")), ids=lambda path: path.stem)
def test_no_message_can_vanish_for_want_of_an_argument(path: Path) -> None:
    assert "sprintf" not in path.read_text()


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.name != "modelward.rego"], ids=lambda path: path.stem
)
def test_a_file_with_rules_has_a_test_beside_it(path: Path) -> None:
    beside = path.with_name(f"{path.stem}_test.rego")
    assert any(name.startswith("test_") for name in rule_names(beside))


def test_nothing_in_the_policies_is_data() -> None:
    assert not [path for path in POLICIES.rglob("*.json") if path.name != ".manifest"]
    assert not list(POLICIES.rglob("*.y*ml"))


def test_every_rule_of_the_spec_judges_models_alike_that_lists_hold_alike() -> None:
    assert [rule.name for rule in read_rules(POLICIES).values() if rule.spec and not rule.alike] == sorted(
        BY_THE_VERDICT, key=order().index
    )
