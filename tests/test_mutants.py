"""The tool behind `make mutants`: one small fault at a time in the policies, which a test must find."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.bundles import POLICIES
from harness.opa import opa_command

TOOL = POLICIES.parent / "tools" / "mutants.py"

DOOR = """\
package door

default open := false

open if {
	input.kind == "key"
	not input.blocked
}
"""
OPENS = """\
package door_test

import data.door

test_a_key_opens if door.open with input as {"kind": "key", "blocked": false}

test_a_stranger_stays_out if door.open == false with input as {"kind": "none", "blocked": false}
"""
BLOCKED_STAYS_OUT = 'test_a_blocked_key_stays_out if not door.open with input as {"kind": "key", "blocked": true}\n'
UNTESTED = "door/door.rego: open: condition left out: `not input.blocked`"
ENTRY = """\
[[mutant]]
file = "door/door.rego"
name = "open"
kind = "condition left out"
code = "not input.blocked"
reason = "nobody is blocked"
"""

EVERY_KIND = """\
package kinds

default open := false

default names := []

open if every item in input.items { item >= 0 }

open if {
	not input.closed
	count(input.names) - 1 > 2
	input.kind in {"key", "team"}
}

names := ["a"] if {
	open with input.kind as "key"
} else := ["b"]
"""
FAULTS = [
    "kinds.rego:3: default left out: `default open := false`",
    "kinds.rego:3: false made true: `open := false`",
    "kinds.rego:5: default left out: `default names := []`",
    "kinds.rego:7: rule left out: `open if every item in input.items { item >= 0 }`",
    "kinds.rego:7: condition left out: `every item in input.items { item >= 0 }`",
    "kinds.rego:7: every made some: `every item in input.items { item >= 0 }`",
    "kinds.rego:7: condition left out: `item >= 0`",
    "kinds.rego:7: >= made >: `item >= 0`",
    "kinds.rego:9: rule left out: `open if { not input.closed count(input.names) - 1 > 2 "
    'input.kind in {"key", "team"} }`',
    "kinds.rego:10: condition left out: `not input.closed`",
    "kinds.rego:10: not left out: `not input.closed`",
    "kinds.rego:11: condition left out: `count(input.names) - 1 > 2`",
    "kinds.rego:11: > made >=: `count(input.names) - 1 > 2`",
    "kinds.rego:11: - made +: `count(input.names) - 1 > 2`",
    'kinds.rego:12: condition left out: `input.kind in {"key", "team"}`',
    'kinds.rego:12: item left out: `"key"`',
    'kinds.rego:12: item left out: `"team"`',
    'kinds.rego:15: rule left out: `names := ["a"] if { open with input.kind as "key" } else := ["b"]`',
    'kinds.rego:17: branch left out: `else := ["b"]`',
    'kinds.rego:16: condition left out: `open with input.kind as "key"`',
    'kinds.rego:16: with left out: `with input.kind as "key"`',
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of policies, in which one condition has no test."""
    door = tmp_path / "policies" / "door"
    door.mkdir(parents=True)
    (door / "door.rego").write_text(DOOR)
    (door / "door_test.rego").write_text(OPENS)
    return tmp_path / "policies"


def mutants(folder: Path, *options: str, equivalent: str = "") -> subprocess.CompletedProcess[str]:
    """The tool, run on `folder` with this list of equivalent mutants."""
    listed = folder.with_name("equivalent.toml")
    listed.write_text(equivalent)
    return run([str(folder), "--equivalent", str(listed), *options])


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """The tool with these arguments."""
    opa_command()
    return subprocess.run([sys.executable, str(TOOL), *arguments], check=False, capture_output=True, text=True)


def test_a_fault_that_no_test_finds_is_named(folder: Path) -> None:
    done = mutants(folder)
    assert done.returncode == 1
    assert done.stderr == f"{UNTESTED}: survives; add a test, or list it with the reason\n"


def test_faults_that_tests_find_are_in_order(folder: Path) -> None:
    (folder / "door" / "door_test.rego").write_text(OPENS + BLOCKED_STAYS_OUT)
    done = mutants(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "7 mutants: 7 killed, 0 survive\n"


def test_a_test_in_another_folder_finds_a_fault_too(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "other_test.rego").write_text(f"package other_test\n\nimport data.door\n\n{BLOCKED_STAYS_OUT}")
    assert mutants(folder).returncode == 0


def test_a_survivor_that_is_listed_is_in_order(folder: Path) -> None:
    done = mutants(folder, equivalent=ENTRY)
    assert (done.returncode, done.stderr) == (0, "")
    assert "door/door.rego:7: condition left out: `not input.blocked` survives" in done.stdout


def test_a_listed_mutant_that_a_test_finds_is_named(folder: Path) -> None:
    (folder / "door" / "door_test.rego").write_text(OPENS + BLOCKED_STAYS_OUT)
    done = mutants(folder, equivalent=ENTRY)
    assert done.returncode == 1
    assert done.stderr == f"{UNTESTED}: is killed by a test; take it out of the list\n"


def test_a_listed_mutant_that_is_no_longer_made_is_named(folder: Path) -> None:
    done = mutants(folder, "--dry-run", equivalent=ENTRY.replace("input.blocked", "input.locked"))
    assert done.returncode == 1
    assert "not input.locked`: there is no such mutant; take it out of the list" in done.stderr


def test_a_mutant_keeps_its_entry_when_its_line_moves(folder: Path) -> None:
    door = folder / "door" / "door.rego"
    door.write_text(DOOR.replace("default", "# The way in.\ndefault"))
    assert mutants(folder, equivalent=ENTRY).returncode == 0


def test_an_entry_without_a_reason_is_refused(folder: Path) -> None:
    done = mutants(folder, equivalent=ENTRY.replace("reason", "why"))
    assert done.returncode == 1
    assert "an entry has `file`, `name`, `kind`, `code`, `reason`" in done.stderr


def test_nothing_is_judged_while_the_tests_fail_without_a_fault(folder: Path) -> None:
    (folder / "door" / "door_test.rego").write_text(
        OPENS + "\ntest_nothing_opens if not data.door.open\n\ntest_no if false\n"
    )
    done = mutants(folder)
    assert done.returncode == 1
    assert done.stderr == "the tests of the policies fail without a fault; run: opa test\n"


def test_one_in_some_mutants_is_a_sample(folder: Path) -> None:
    assert len(mutants(folder, "--dry-run", "--every", "4").stdout.splitlines()) == 2


def test_each_kind_of_fault_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "kinds.rego").write_text(EVERY_KIND)
    assert mutants(folder, "--dry-run").stdout.splitlines() == FAULTS


def test_the_list_of_equivalent_mutants_names_only_mutants_that_are_made() -> None:
    done = run([str(POLICIES), "--dry-run"])
    assert (done.returncode, done.stderr) == (0, "")


def test_the_figure_of_equivalent_mutants_is_that_of_the_list() -> None:
    listed = TOOL.with_name("equivalent_mutants.toml").read_text().count("[[mutant]]")
    page = (POLICIES.parent / "docs" / "architecture.md").read_text()
    assert f"The other {listed} change no" in " ".join(page.split())
