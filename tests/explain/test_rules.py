"""Everything that may refuse is known here."""

from typing import get_args

from explain.world import GENERAL, HASH, KEY, MODELS, World
from harness.bundles import POLICIES
from modelward.bundle import read_rules
from modelward.contract import (
    Caller,
    Catalog,
    Decision,
    Explanation,
    Input,
    Named,
    Request,
    Rule,
    RuleRemedy,
    Shows,
    Subject,
)
from modelward.explain.case import Case, Judged
from modelward.explain.remedies import REMEDIES, remedy_for

REQUEST = Request("POST", "/v1/chat/completions", "/v1/chat/completions", "infer", [], ["gpt-4o"], time_ns=0)
NOBODY = Subject(team_id=None, user_id=None, role=None, owner=None)
NOTHING = Shows(everything=False, key_hash=None, user_id=None)
DECISION = Decision(
    allow=False, reasons=[], grants={}, targets={}, places=[], subject=NOBODY, shows=NOTHING, revision=""
)


def test_every_remedy_that_a_rule_may_name_is_there_and_a_built_in_rule_names_it() -> None:
    assert set(REMEDIES) == set(get_args(RuleRemedy))
    assert {rule.remedy for rule in read_rules(POLICIES).values()} == {*REMEDIES, None}


def test_a_rule_that_names_no_remedy_shows_its_advice() -> None:
    case = Case(Input(REQUEST, Caller(kind="master")), Catalog())
    judged = Judged(
        case, Explanation(decision=DECISION, layers={}, names={}, named=Named(team_id=None, user_id=None)), {}
    )
    for advice, words in {"ask for a contract": "ask for a contract", "": "what it needs is not known here"}.items():
        rule = Rule(name="contract", advice=advice)
        change = remedy_for(judged, rule)
        assert change is not None
        assert change.words == f"see rule `contract` in the policies: {words}"


async def test_a_request_without_models_shows_no_lists_as_if_they_allowed_it(world: World) -> None:
    keys = f"keys: [{{key_hash: 'sha256:{HASH}', models: [gpt-4]}}]\n"
    report = await world.ask(MODELS + GENERAL + keys, key=KEY, model=None)
    assert [(layer.rule, layer.verdict) for layer in report.layers] == [("well_formed", "denies")]


async def test_layers_that_took_no_part_are_left_out_and_the_others_are_in_the_order_of_the_rules(world: World) -> None:
    keys = f"keys: [{{key_hash: 'sha256:{HASH}', models: [gpt-4], team_id: red, allowed_routes: [/v1/models]}}]\n"
    report = await world.ask(MODELS + GENERAL + "teams: [{team_id: red}]\n" + keys, key=KEY)
    assert [(layer.rule, layer.verdict) for layer in report.layers] == [
        ("key_model_access", "denies"),
        ("key_routes", "denies"),
        ("team_model_access", "allows"),
    ]
