"""Everything that may refuse is known here."""

import re

from explain.world import GENERAL, HASH, KEY, MODELS, World
from harness.bundles import POLICIES
from modelward.explain.rules import RULES, rank, rule


def test_there_is_a_remedy_for_every_rule_in_the_order_of_the_policies() -> None:
    order = (POLICIES / "modelward/lib/order/order.rego").read_text()
    assert list(RULES) == re.findall(r'^\t"(\w+)",$', order, re.MULTILINE)


def test_a_rule_of_ones_own_comes_last_and_is_a_policys() -> None:
    assert max([*RULES, "office_hours"], key=rank) == "office_hours"
    assert rule("office_hours").layer == "policy"


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
