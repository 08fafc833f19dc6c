"""The example rules: each is described on the page, passes every check and its own tests, and decides at the gate."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import blocks, page, table
from harness.bundles import POLICIES, REPOSITORY, SAMPLE_CONFIG, SAMPLE_MASTER_KEY
from harness.gateway import Gateway, gateway
from harness.opa import opa_command

EXAMPLES = REPOSITORY / "docs/examples"
RULES = {path.parent.name: path for path in sorted(EXAMPLES.glob("modelward/*/*/*.rego")) if "_test" not in path.name}
REFUSING_PLAIN_CALLS = ("cost_center", "personal_keys")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built-in policies with all the examples beside them."""
    folder = tmp_path_factory.mktemp("examples") / "policies"
    shutil.copytree(POLICIES, folder)
    shutil.copytree(EXAMPLES, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def served(policies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """The sample config, served with all the examples; the office of the o1 family is never open."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "bundle").mkdir()
    shutil.copytree(policies, folder / "policies")
    rule = folder / "policies/modelward/rules/office_hours/office_hours.rego"
    rule.write_text(rule.read_text().replace("hour < 18", "hour < 8"))
    places = {"MODELWARD_POLICIES": str(folder / "policies"), "MODELWARD_BUNDLE": str(folder / "bundle")}
    with gateway(SAMPLE_CONFIG, folder, master_key=SAMPLE_MASTER_KEY, env=places) as running:
        yield running


def _opa(*arguments: str) -> str:
    command = [opa_command(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_rule_of_the_readme_is_the_example() -> None:
    assert blocks("README.md", "rego") == [RULES["office_hours"].read_text()]


def test_the_page_has_every_example_with_what_its_metadata_says() -> None:
    described = {
        name: re.search(r"^# description: (.*)$", path.read_text(), re.MULTILINE) for name, path in RULES.items()
    }
    expected = {
        f"[`{name}`](examples/{RULES[name].relative_to(EXAMPLES)})": found[1]
        for name, found in described.items()
        if found
    }
    assert {row[0]: row[1] for row in table("docs/policies.md", "example")} == expected
    assert len(expected) == len(RULES)


def test_the_rules_and_the_test_that_the_page_shows_are_examples() -> None:
    files = {path.read_text() for path in EXAMPLES.rglob("*.rego")}
    shown = [block for block in blocks("docs/policies.md", "rego") if block.startswith(("# METADATA", "package"))]
    assert len(shown) == 3
    assert set(shown) <= files


def test_the_examples_are_formatted_and_checked_strictly_against_the_schemas(policies: Path) -> None:
    assert not _opa("fmt", "--list", str(EXAMPLES))
    _opa("check", "--strict", "--schema", str(REPOSITORY / "bundle/schemas"), str(policies))


def test_modelward_finds_nothing_wrong_with_the_examples(policies: Path) -> None:
    command = [sys.executable, "-m", "modelward", "check", "--strict", str(SAMPLE_CONFIG)]
    env = {"MODELWARD_POLICIES": str(policies), "PATH": str(Path(opa_command()).parent)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)
    assert (done.returncode, done.stderr) == (0, "")


def test_every_example_has_tests_that_pass(policies: Path) -> None:
    own = "|".join(f"{name}_test" for name in RULES)
    passed = re.findall(r"(\w+)_test\.test_\w+: PASS", _opa("test", "--verbose", "--run", own, str(policies)))
    assert set(passed) == set(RULES)
    assert min(map(passed.count, RULES)) >= 4


def test_the_other_tests_pass_beside_the_examples_that_do_not_refuse_plain_calls(
    policies: Path, tmp_path: Path
) -> None:
    shutil.copytree(policies, tmp_path / "policies", ignore=shutil.ignore_patterns(*REFUSING_PLAIN_CALLS))
    _opa("test", str(tmp_path / "policies"))
    assert all(f"`{name}`" in page("docs/policies.md") for name in REFUSING_PLAIN_CALLS)


def test_the_tests_of_the_examples_reach_every_line_of_them(policies: Path) -> None:
    own = "|".join(f"{name}_test" for name in RULES)
    report = json.loads(_opa("test", "--coverage", "--format", "json", "--run", own, str(policies)))["files"]
    reached = {Path(file).stem: found["coverage"] for file, found in report.items() if Path(file).stem in RULES}
    assert reached == dict.fromkeys(RULES, 100)


def test_an_example_refuses_through_the_gate(served: Gateway) -> None:
    trial = served.manage("/team/new", {"team_id": "trial", "metadata": {"trial_ends": 1}})["team_id"]
    key = served.new_key(team_id=trial, metadata={"cost_center": "DE-1042"})
    answer = served.chat("gpt-4", key=key)
    assert (answer.status, answer.error_type) == (403, "trial_ends_denied")
    assert "the trial of this team is over" in answer.json()["error"]["message"]
    assert served.call("GET", "/v1/models", key=key).json()["data"] == []


def test_an_example_that_narrows_refuses_what_has_no_such_deployment(served: Gateway) -> None:
    served.manage("/team/new", {"team_id": "europe", "metadata": {"residency": "eu", "cost_center": "FR-0001"}})
    assert served.chat("gpt-4", key=served.new_key(team_id="europe")).error_type == "eu_deployments_denied"


def test_the_rule_of_the_readme_refuses_the_bare_name_of_the_model_too(served: Gateway) -> None:
    for model in ("openai/o1-pro", "o1-pro"):
        assert served.chat(model, key=SAMPLE_MASTER_KEY).error_type == "office_hours_denied"
    assert served.chat("openai/gpt-4", key=SAMPLE_MASTER_KEY).status == 200


def test_what_no_example_is_about_passes(served: Gateway) -> None:
    served.manage("/team/new", {"team_id": "paying", "metadata": {"cost_center": "DE-1042"}})
    assert served.chat("gpt-4", key=served.new_key(team_id="paying")).status == 200
