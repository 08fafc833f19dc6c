"""What the METADATA of a rule says about its refusal, and what is wrong with it (A4, A6)."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from modelward.bundle import Rules, check_policies, read_rules, seal, write
from modelward.contract import Catalog, Rule
from modelward.errors import PolicyError

Add = Callable[..., Path]

VERDICT = """\
# METADATA
# custom:
#   refusals:
#     no_grant: {order: 20, status: 503, type: no_grant}
package modelward.verdict
"""


@pytest.fixture
def add(policies: Path) -> Add:
    """Puts a rule with these lines under `custom` into the policies."""

    def add_one(name: str, *custom: str, folder: str = "rules", file: str = "", before: str = "") -> Path:
        path = policies / "modelward" / folder / name / (file or f"{name}.rego")
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"#   {line}\n" for line in custom)
        about = f"# METADATA\n# title: The {name} rule\n" + (f"# custom:\n{lines}" if custom else "")
        deny = '\n# METADATA\n# description: Refuses.\ndeny contains "no" if input.request.differ\n'
        path.write_text(f"{before}{about}package modelward.{folder}.{name}\n{deny}")
        return path

    return add_one


def problems(policies: Path) -> list[str]:
    """What is wrong with the METADATA, each with its place in the folder of policies."""
    with pytest.raises(PolicyError) as caught:
        read_rules(policies)
    return [str(problem).replace(f"{policies}/modelward/", "") for problem in caught.value.problems]


def only(rules: Rules) -> Rule:
    """The one rule."""
    [rule] = rules.values()
    return rule


def test_a_rule_that_says_nothing_is_a_403_of_its_own_type_about_the_model(add: Add, policies: Path) -> None:
    add("contract")
    rule = only(read_rules(policies))
    assert (rule.status, rule.type, rule.param, rule.code) == (403, "contract_denied", "model", "")
    assert (rule.title, rule.order, rule.layer) == ("The contract rule", None, "policy")


def test_a_rule_without_metadata_is_as_one_that_says_nothing(add: Add, policies: Path) -> None:
    add("contract").write_text("package modelward.rules.contract\n")
    assert only(read_rules(policies)) == Rule(name="contract")


def test_a_rule_says_all_of_its_refusal(add: Add, policies: Path) -> None:
    add(
        "contract",
        *("order: 615", "status: 451", "type: contract_ended", "param: user", "code: ended", "layer: contract"),
        *("record: team", "remedy: add_models", "advice: ask for a new contract", "spec: [L2]", "differs: [L2]"),
        "notes: {ticket: 17}",
    )
    assert only(read_rules(policies)) == Rule(
        name="contract",
        title="The contract rule",
        order=615,
        status=451,
        type="contract_ended",
        param="user",
        code="ended",
        layer="contract",
        record="team",
        remedy="add_models",
        advice="ask for a new contract",
        spec=["L2"],
        differs=["L2"],
    )


def test_a_rule_with_a_type_is_about_no_field_unless_it_says_so(add: Add, policies: Path) -> None:
    add("contract", "type: contract_ended")
    assert only(read_rules(policies)).param is None


def test_the_layer_is_the_record_unless_the_rule_says_otherwise(add: Add, policies: Path) -> None:
    add("contract", "record: team")
    assert only(read_rules(policies)).layer == "team"


def test_the_rules_are_in_the_order_of_their_refusals_and_those_without_a_place_last(add: Add, policies: Path) -> None:
    add("b_late", "order: 30")
    add("token", "order: 10", folder="token_rules")
    add("nowhere")
    add("anywhere")
    add("a_late", "order: 30")
    (policies / "modelward/verdict").mkdir()
    (policies / "modelward/verdict/verdict.rego").write_text(VERDICT)
    assert list(read_rules(policies)) == ["token", "no_grant", "a_late", "b_late", "anywhere", "nowhere"]


def test_the_catalogue_has_the_names_of_the_rules_and_the_places_of_those_that_have_one(
    add: Add, policies: Path, catalog: Catalog
) -> None:
    add("contract", "order: 615")
    add("late")
    add("token", folder="token_rules")
    sealed = seal(catalog, policies).catalog
    assert sealed.rules == {"contract": True, "late": True}
    assert sealed.token_rules == {"token": True}
    assert sealed.order == {"contract": 615}


def test_the_bundle_has_the_rules_in_their_order(add: Add, policies: Path, catalog: Catalog, opa: Path) -> None:
    add("late", "order: 2", "status: 404")
    add("early", "order: 1")
    out = policies.parent / "out"
    sealed = seal(catalog, policies)
    write(sealed, policies, out, opa=opa)
    listed = orjson.loads((out / "rules.json").read_bytes())
    assert [Rule.model_validate(each) for each in listed] == list(sealed.rules.values())
    assert [(each["name"], each["status"]) for each in listed] == [("early", 403), ("late", 404)]


WRONG = {
    "stauts: 404": "4:5: `custom` of a rule has no `stauts`; did you mean `status`?",
    "ticket: 17": "4:5: `custom` of a rule has no `ticket`; it has `spec`",
    "status: 200": "4:5: `status` must be one of 400, 401, 402, 403, 404, 429, 451, not `200`",
    "status: 503": "4:5: `status` must be one of 400, 401, 402, 403, 404, 429, 451, not `503`",
    "status: '403'": "4:5: `status` must be one of 400, 401, 402, 403, 404, 429, 451, not `403`",
    "status: true": "4:5: `status` must be one of 400",
    "order: 0": "4:5: `order` must be a whole number from 1 to 9999, not `0`",
    "order: 10000": "4:5: `order` must be a whole number from 1 to 9999, not `10000`",
    "order: before": "4:5: `order` must be a whole number from 1 to 9999, not `before`",
    "order: 1.5": "4:5: `order` must be a whole number from 1 to 9999, not `1.5`",
    "type: ''": "4:5: `type` must be a text that is not empty, not ``",
    "type: [a]": "4:5: `type` must be a text that is not empty, not `['a']`",
    "param: 1": "4:5: `param` must be a text that is not empty, not `1`",
    "remedy: unblocked": "4:5: `remedy` must be one of activate, add_admin_route",
    "record: teams": "4:5: `record` must be one of key, team, member",
    "spec: L2": "4:5: `spec` must be a list of numbers of the spec",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_no_rule_can_say_is_an_error_with_its_place(add: Add, policies: Path, line: str) -> None:
    add("contract", line)
    [problem] = problems(policies)
    assert problem.startswith(f"rules/contract/contract.rego:{WRONG[line]}")


def test_every_mistake_is_said_at_once(add: Add, policies: Path) -> None:
    add("contract", "status: 200", "order: 0")
    add("late", "stauts: 404", before="# a licence\n\n")
    assert [problem.partition(": ")[0] for problem in problems(policies)] == [
        "rules/contract/contract.rego:4:5",
        "rules/contract/contract.rego:5:5",
        "rules/late/late.rego:6:5",
    ]


def test_metadata_that_is_no_yaml_is_said_with_its_line(add: Add, policies: Path) -> None:
    add("contract", "status: [403")
    assert problems(policies) == ["rules/contract/contract.rego:5:1: METADATA must be YAML; look here and before"]


def test_a_refusal_that_is_described_beside_the_package_is_said(add: Add, policies: Path) -> None:
    path = add("contract")
    path.write_text(
        path.read_text().replace("# description: Refuses.", "# description: Refuses.\n# custom: {status: 404}")
    )
    assert problems(policies) == ["rules/contract/contract.rego:7:12: `status` belongs in the METADATA of the package"]


def test_a_rule_is_described_in_one_of_its_files(add: Add, policies: Path) -> None:
    add("contract", "status: 404", file="a.rego")
    add("contract", file="b.rego")
    assert only(read_rules(policies)).status == 404
    add("contract", "status: 401", file="b.rego")
    message = "the rule `contract` has `custom` in `a.rego` too; put it into one file"
    assert problems(policies) == [f"rules/contract/b.rego:3:3: {message}"]


def test_two_rules_of_one_name_are_said(add: Add, policies: Path) -> None:
    add("contract")
    add("contract", folder="token_rules")
    message = "there is another rule `contract`, in `rules`; rename this one"
    assert problems(policies) == [f"token_rules/contract/contract.rego:1:1: {message}"]


def test_nothing_is_sealed_with_metadata_that_is_wrong(add: Add, policies: Path, catalog: Catalog) -> None:
    add("contract", "status: 200")
    with pytest.raises(PolicyError):
        seal(catalog, policies)


def test_a_check_says_it_beside_what_else_is_wrong(add: Add, policies: Path, opa: Path) -> None:
    path = add("contract", "status: 200")
    path.write_text(path.read_text().replace("input.request.differ", "input.request.nothing"))
    with pytest.raises(PolicyError) as caught:
        check_policies(policies, opa)
    assert [problem.message.partition(" ")[0] for problem in caught.value.problems] == ["`status`", "`input.request`"]
