"""Typical mistakes in a rule of one's own: `build` and `check` refuse each, with its place (L10)."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from harness.bundles import POLICIES
from harness.opa import opa_command
from modelward.bundle import check_policies
from modelward.errors import PolicyError

HEAD = """\
# METADATA
# title: Office hours
package {package}

# METADATA
# description: Refuses the o1 family outside office hours.
"""
"""Six lines, so a rule begins in line 7."""

FORM = "`deny` must be a set of texts: write `deny contains message if { ... }`"
VALUE = f"{FORM}; a mere value is no set, or is undefined where nothing is denied"
NEVER = "never holds by this: `false` stands in its body, or `not true`"
BRACES = "nothing is put in place of the braces in this text; did you forget the `$` before it?"
READ = "some model in input.request.models"

RULES = {
    "text_in_place_of_a_set": ('deny := "no" if input.request.differ', f"7:1: {VALUE}"),
    "message_in_place_of_a_set": (
        f'deny := message if {{\n\t{READ}\n\tmessage := $"no {{model}}"\n}}',
        f"7:1: {VALUE}",
    ),
    "boolean": ("deny if input.request.differ", f"7:1: {VALUE}"),
    "constant": ("deny := true", f"7:1: {VALUE}"),
    "array": (f"deny := [model | {READ}]", f"7:1: {VALUE}"),
    "set_under_a_condition": ('deny := {"no"} if input.request.differ', f"7:1: {VALUE}"),
    "map": (f'deny[model] := "no" if {READ}', f"7:1: {FORM}, not `deny[...]`"),
    "map_of_booleans": (f"deny[model] if {READ}", f"7:1: {FORM}, not `deny[...]`"),
    "function": ('deny(model) := "no" if model == "o1"', f"7:1: {FORM}, without arguments"),
    "otherwise": (
        'deny := "no" if {\n\tinput.request.differ\n} else := "never"',
        f"7:1: {FORM}, without an `else`",
    ),
    "default": ("default deny := set()", f"7:9: {FORM}, without a default"),
    "object_as_message": (
        f'deny contains {{"msg": model}} if {READ}',
        "7:15: a denial's message must be a text, not an object",
    ),
    "object_by_a_variable": (
        f'deny contains message if {{\n\t{READ}\n\tmessage := {{"msg": model}}\n}}',
        "9:13: a denial's message must be a text, not an object",
    ),
    "number_as_message": (
        "deny contains 403 if input.request.differ",
        "7:15: a denial's message must be a text, not a number",
    ),
    "number_by_a_function": (
        "deny contains count(input.request.models) if input.request.differ",
        "7:1: a denial's message must be a text: this `deny` is no set of texts",
    ),
    "record_as_message": (
        "deny contains input.caller.key if input.request.differ",
        "7:1: a denial's message must be a text: this `deny` is no set of texts",
    ),
    "set_as_message": ('deny := {["no"]}', "7:10: a denial's message must be a text, not an array"),
    "forgotten_dollar": (f'deny contains "model `{{model}}` is closed" if {READ}', f"7:15: {BRACES}"),
    "forgotten_dollar_by_a_variable": (
        f'deny contains message if {{\n\t{READ}\n\tmessage := "model `{{model}}` is closed"\n}}',
        f"9:13: {BRACES}",
    ),
    "forgotten_dollar_in_a_call": (
        f'deny contains concat(" ", ["no", "x"]) if {READ}\n\ndeny contains upper("no {{model}}") if {READ}',
        f"9:21: {BRACES}",
    ),
    "misspelt_deny": (
        f'deny := set()\n\ndenny contains "no" if {READ}',
        "9:1: nobody reads `denny`; did you mean `deny`?",
    ),
    "capital_deny": (
        f'deny := set()\n\nDeny contains "no" if {READ}',
        "9:1: nobody reads `Deny`; did you mean `deny`?",
    ),
    "violation": (
        f'deny := set()\n\nviolation contains "no" if {READ}',
        "9:1: nobody reads `violation`; a rule exports `deny`, `grants`, `list`, `holds_until`, helpers begin with `_`",
    ),
    "allow": ("deny := set()\n\nallow if input.request.differ", "9:1: nobody reads `allow`"),
    "no_deny": (
        'list := ["gpt-4"]',
        "7:1: a rule without a `deny` refuses every call; write `deny := set()` where it denies nothing",
    ),
    "grants_as_a_set": (
        f"deny := set()\n\n# METADATA\n# description: All.\ngrants contains model if {READ}",
        "11:1: `grants` must be an object from model",
    ),
    "never": ('deny contains "no" if {\n\tfalse\n}', f"7:1: `deny` {NEVER}"),
    "never_by_not": ('deny contains "no" if not true', f"7:1: `deny` {NEVER}"),
    "helper_that_never_holds": ('deny contains "no" if _closed\n\n_closed if false', f"9:1: `_closed` {NEVER}"),
    "helper_that_nobody_reads": (
        f'deny := set()\n\n_deny contains "no" if {READ}',
        "9:1: nobody reads `_deny`; did you mean `deny`?",
    ),
    "helper_under_another_name": (
        "deny contains message if some message in _mesages\n\n_mesages := set()\n\n_messages := {`no`}",
        "11:1: nobody reads `_messages`",
    ),
    "catalogue_by_an_unknown_path": (
        'deny contains "no" if data.catalog.entries["o1"]',
        "7:23: undefined ref: data.catalog.entries",
    ),
    "import_of_an_unknown_path": (
        'deny contains "no" if data.modelward.lib.catalog.entries["o1"]',
        "7:23: `data.modelward.lib.catalog.entries` is nothing here; did you mean `entry`?",
    ),
    "unknown_library": (
        'deny contains "no" if data.modelward.lib.catalogue.entry["o1"]',
        "7:23: `data.modelward.lib.catalogue` is nothing here; did you mean `catalog`?",
    ),
    "data_of_ones_own": ('deny contains "no" if data.hours.closed', "7:23: `data.hours` is nothing here"),
    "unknown_input": (
        'deny contains "no" if input.caller.keys',
        "7:23: undefined ref: input.caller.keys; did you mean `key`?",
    ),
    "unknown_input_in_a_map": (
        'deny contains "no" if input.caller.records.teams[input.caller.key.team_id].name',
        "7:23: `input.caller.records.teams[...]` has no `name`; it has",
    ),
    "unknown_input_by_a_function": (
        'deny contains "no" if object.get(input.request, "modells", []) != []',
        "7:34: `input.request` has no `modells`; it has",
    ),
    "unknown_input_by_a_function_and_a_path": (
        'deny contains "no" if object.get(input, ["caller", "keys"], "x") != "x"',
        "7:34: `input.caller` has no `keys`; it has",
    ),
    "kind_that_is_none": (
        'deny contains "no" if input.caller.kind == "virtual_key"',
        "7:44: `input.caller.kind` is never `virtual_key`; it is one of `key`, `jwt`, `master`",
    ),
    "operation_that_is_none": (
        'deny contains "no" if not input.request.operation in {"infer", "chat"}',
        "7:64: `input.request.operation` is never `chat`; it is one of `infer`, `list`",
    ),
    "setting_that_is_none": (
        'deny contains "no" if "none" != data.catalog.settings.empty_list',
        "7:23: `data.catalog.settings.empty_list` is never `none`; it is one of `allow`, `deny`",
    ),
    "function_that_may_fail": (
        'deny contains "no" if to_number(input.request.path) > 0',
        "7:23: where `to_number` fails a denial vanishes: call it in a helper that holds where nothing is denied",
    ),
    "function_that_may_fail_below_another": (
        'deny contains "no" if {\n\tinput.request.differ\n\tcount(json.unmarshal(input.request.path)) > 9\n}',
        "9:2: where `json.unmarshal` fails a denial vanishes",
    ),
    "part_of_a_text": (
        f'deny contains "no" if {{\n\t{READ}\n\t"o1" in model\n}}',
        "9:2: `in` finds nothing in a text: write `contains(text, part)`",
    ),
    "unknown_catalogue_in_a_map": (
        'deny contains "no" if data.catalog.common.entries[input.request.models[0]].group',
        "7:23: `data.catalog.common.entries[...]` has no `group`; it has `deployments`, `groups`",
    ),
}
"""A rule's folder, its text, and the beginning of what is said of it, with line and column."""

FUNCTIONS = {
    "sprintf": (
        f'deny contains sprintf("no %v", [model]) if {READ}',
        '7:15: where `sprintf` fails a denial vanishes: write `$"... {x} ..."` instead',
    ),
    "a_builtin_that_wasm_lacks": (
        'deny contains "no" if time.clock(input.request.time_ns)[0] > 18',
        "7:23: `time.clock` is not in OPA's Wasm, which decides here; do without it",
    ),
    "a_call_of_another_server": (
        'deny contains "no" if http.send({"method": "GET", "url": "http://x.example"}).body',
        "7:23: `http.send` is not in OPA's Wasm",
    ),
    "an_unknown_function": ('deny contains "no" if closed(input.request)', "7:23: undefined function closed"),
}

OLD_REGO = {"rego_of_old": ('deny[message] {\n\tmessage := "no"\n}', "7:1: this is not Rego: ")}


def write(policies: Path, file: str, text: str, package: str = "") -> Path:
    """Put a file into the policies; its package is that of its folder."""
    path = policies / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD.format(package=package or ".".join(Path(file).parent.parts)) + text + "\n")
    return path


def problems(policies: Path) -> list[str]:
    """What is said of the policies, each with its file below them."""
    with pytest.raises(PolicyError) as caught:
        check_policies(policies, Path(opa_command()))
    return [str(problem).replace(f"{policies}/modelward/", "") for problem in caught.value.problems]


def problems_of_rules(folder: Path, rules: Mapping[str, tuple[str, str]]) -> list[str]:
    """What is said of policies with these rules."""
    policies = folder / "policies"
    shutil.copytree(POLICIES, policies, ignore=shutil.ignore_patterns("*_test.rego"))
    for name, (text, _) in rules.items():
        write(policies, f"modelward/rules/{name}/{name}.rego", text)
    return problems(policies)


@pytest.fixture(scope="module", params=[RULES, FUNCTIONS, OLD_REGO], ids=["shapes", "functions", "old"])
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], list[str]]:
    """What is said of each mistaken rule, and what should be."""
    rules: Mapping[str, tuple[str, str]] = request.param
    expected = [f"rules/{name}/{name}.rego:{message}" for name, (_, message) in rules.items()]
    return problems_of_rules(tmp_path_factory.mktemp("rules"), rules), expected


def test_each_mistake_is_said_with_its_place(said: tuple[list[str], list[str]]) -> None:
    found, expected = said
    assert [line for line in expected if not any(each.startswith(line) for each in found)] == []


def test_nothing_else_is_said(said: tuple[list[str], list[str]]) -> None:
    found, expected = said
    assert [each for each in found if not any(each.startswith(line) for line in expected)] == []


def test_a_function_that_may_fail_is_in_order_where_its_failing_refuses(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies, ignore=shutil.ignore_patterns("*_test.rego"))
    helper = "_is_open if to_number(input.request.path) > 0"
    write(policies, "modelward/rules/late/late.rego", f'deny contains "no" if not _is_open\n\n{helper}')
    write(policies, "modelward/rules/early/early.rego", 'deny contains "no" if not to_number(input.request.path)')
    check_policies(policies, Path(opa_command()))


def test_a_rule_with_a_dash_in_its_name_is_in_order_with_its_tests(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies, ignore=shutil.ignore_patterns("*_test.rego"))
    rule = "modelward/rules/load-limit/load-limit"
    write(policies, f"{rule}.rego", 'deny contains "no" if input.request.differ', 'modelward.rules["load-limit"]')
    write(policies, f"{rule}_test.rego", "test_nothing if true", 'modelward.rules["load-limit_test"]')
    check_policies(policies, Path(opa_command()))


def test_the_policies_themselves_are_in_order() -> None:
    check_policies(POLICIES, Path(opa_command()))


UNREAD = {
    "modelward/rule/office_hours/office_hours.rego": (
        "",
        "rule/office_hours/office_hours.rego:3:24: nobody reads the package `modelward.rule.office_hours`",
    ),
    "modelward/office_hours/office_hours.rego": (
        "",
        "office_hours/office_hours.rego:3:19: nobody reads the package `modelward.office_hours`",
    ),
    "modelward/rules/a/b/b.rego": (
        "",
        "rules/a/b/b.rego:3:27: nobody reads `modelward.rules.a.b`: a rule is one folder",
    ),
    "modelward/rules/flat.rego": ("", "rules/flat.rego:3:19: nobody reads `modelward.rules`: a rule is one folder"),
}
MISPLACED = {
    "modelward/rules/copied/copied.rego": (
        "modelward.rules.key_active",
        "rules/copied/copied.rego:3:25: a package has its folder's name: `modelward.rules.key_active` stands in the",
    ),
    "modelward/rules/closed/closed.rego": (
        "modelward.rules.closed_test",
        "rules/closed/closed.rego:3:25: a package has its folder's name: `modelward.rules.closed_test` stands in the",
    ),
    "modelward/rules/late/late_test.rego": (
        "modelward.rules.late",
        "rules/late/late_test.rego:1:1: a file `..._test.rego` is left out of decisions",
    ),
    "modelward/rules/load_test/load_test.rego": (
        "",
        "rules/load_test/load_test.rego:1:1: a file `..._test.rego` is left out of decisions",
    ),
    "modelward/rules/early/early_test.rego": (
        "modelward.rules.early_test",
        "rules/early:1:1: there is no rule in this folder",
    ),
    "modelward/rules/loud/loud.REGO": ("", "rules/loud/loud.REGO:1:1: OPA does not load this file"),
    "modelward/rules/.hidden/hidden.rego": (
        "modelward.rules.hidden",
        "rules/.hidden/hidden.rego:1:1: a rule in a hidden file or folder is easily overlooked",
    ),
}
"""A file and its package, where that is not its folder's; and what is said."""


@pytest.mark.parametrize("files", [UNREAD, MISPLACED], ids=["unread", "misplaced"])
def test_a_rule_in_the_wrong_place_is_said(tmp_path: Path, files: Mapping[str, tuple[str, str]]) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies, ignore=shutil.ignore_patterns("*_test.rego"))
    for file, (package, _) in files.items():
        write(policies, file, f'deny contains "no" if {READ}', package)
    found = problems(policies)
    assert [line for _, line in files.values() if not any(each.startswith(line) for each in found)] == []


def test_a_rule_without_metadata_is_said(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies, ignore=shutil.ignore_patterns("*_test.rego"))
    path = write(policies, "modelward/rules/bare/bare.rego", 'deny contains "no" if false')
    path.write_text('package modelward.rules.bare\n\ndeny contains "no" if input.request.differ\n')
    assert problems(policies) == [
        "rules/bare/bare.rego:1:25: the package needs METADATA, with a `title` or a `description`",
        "rules/bare/bare.rego:3:1: `deny` needs METADATA with a `description`",
    ]
