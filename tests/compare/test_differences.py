"""What a named difference explains, and what it does not."""

import pytest

from compare.case import Case, Point
from compare.difference import explanation
from compare.differences import DIFFERENCES
from compare.examples import case, row


def _explained(found: Case) -> set[str] | None:
    assert found.points
    return explanation(found, DIFFERENCES)


def test_what_no_difference_explains_is_left() -> None:
    assert (
        _explained(case("gpt-4", row("gpt-4"), refusal=(403, "key_model_access_denied"), key={"models": ["x"]})) is None
    )
    assert _explained(case("gpt-4", row("gpt-4"), rules=("key_model_access",), key={"models": ["x"]})) is None
    assert _explained(case("gpt-4", row("gpt-4"), rules=("key_active",))) is None
    assert _explained(case("gpt-4", row("gpt-4"), served=("one", "other"))) is None


def test_one_rule_that_is_not_explained_leaves_the_whole_disagreement() -> None:
    records = {"organizations": [{"organization_id": "o", "models": ["x"]}]}
    assert _explained(case("gpt-4", row("gpt-4"), rules=("org_model_access",), records=records)) == {"L6"}
    rules = ("org_model_access", "key_active")
    assert _explained(case("gpt-4", row("gpt-4"), rules=rules, records=records)) is None


def test_a_view_only_admin() -> None:
    told = {"user": "u"}
    viewer = {"users": [{"user_id": "u", "user_role": "proxy_admin_viewer", "models": [], "teams": []}]}
    plain = {"users": [{"user_id": "u", "user_role": "internal_user", "models": [], "teams": []}]}
    rules = ("user_role",)
    assert _explained(case("gpt-4", row("gpt-4"), rules=rules, told=told, records=viewer)) == {"A2, view-only admins"}
    assert _explained(case("gpt-4", row("gpt-4"), rules=rules, told=told, records=plain)) is None


def test_a_name_behind_an_entry_that_served_it() -> None:
    behind = row("my-gpt", "openai/gpt-4o")
    behind["litellm_params"]["mock_response"] = "mine"
    served, other = ("", "mine"), ("", "other")
    name = {"C3, the upstream's own name and a deployment's id"}
    assert _explained(case("openai/gpt-4o", behind, rules=("model_known",), served=served)) == name
    assert _explained(case("id-of-my-gpt", behind, rules=("model_known",), served=served)) == name
    assert _explained(case("openai/gpt-4o", behind, rules=("model_known",), served=other)) is None
    assert _explained(case("my-gpt-2", behind, rules=("model_known",), served=served)) is None


def test_a_group_of_the_entry_under_the_provider() -> None:
    entry = row("openai/gpt-4o", groups=("beta",))
    refusal = (403, "key_model_access_denied")
    assert _explained(case("gpt-4o", entry, refusal=refusal, key={"models": ["beta"]})) == {"C3, a bare name"}
    assert _explained(case("gpt-4o", entry, refusal=refusal, key={"models": ["other"]})) is None


def test_the_pattern_that_served_in_place_of_the_most_specific_one() -> None:
    rows = [row("gpt-4*"), row("*gpt*")]
    for each in rows:
        each["litellm_params"]["mock_response"] = each["model_name"]
    assert _explained(case("gpt-4o", *rows, served=("gpt-4*", "*gpt*"))) == {"C3, the most specific pattern"}
    assert _explained(case("gpt-4o", *rows, served=("*gpt*", "gpt-4*"))) is None


def test_an_empty_list_beside_unified_groups() -> None:
    records = {"access_groups": [{"access_group_id": "g", "access_model_names": ["x"]}]}
    rules = ("key_model_access",)
    alone = {"models": [], "access_group_ids": ["g"]}
    assert _explained(case("gpt-4", row("gpt-4"), rules=rules, key=alone, records=records)) == {"G9"}
    beside = {"models": ["y"], "access_group_ids": ["g"]}
    assert _explained(case("gpt-4", row("gpt-4"), rules=rules, key=beside, records=records)) is None


@pytest.mark.parametrize(("items", "names"), [(["*"], {"R5"}), (["gpt-4"], None), (["other"], None)])
def test_a_scope_that_covers_by_a_pattern(items: list[str], names: set[str] | None) -> None:
    jwt = {"enforce_scope_based_access": True, "scope_mappings": [{"scope": "chat", "models": items}]}
    found = case("gpt-4", row("gpt-4"), refusal=(403, "auth_error"), claims={"scope": "chat"}, jwt=jwt)
    assert _explained(found) == names


def test_a_clients_fallback_that_no_layer_but_the_key_is_asked_about() -> None:
    told = {"team": "t"}
    team = {"team_id": "t", "models": ["gpt-4"], "model_aliases": {}, "members_with_roles": []}
    rows, rules = (row("gpt-4"), row("other")), ("team_model_access",)
    found = case("gpt-4", *rows, rules=rules, told=told, records={"teams": [team]}, fallbacks=["other"])
    assert found.points == {Point("team_model_access", "other")}
    assert _explained(found) == {"F1"}
    key = case("gpt-4", *rows, rules=("key_model_access",), key={"models": ["gpt-4"]}, fallbacks=["other"])
    assert _explained(key) is None


def test_the_proxys_routes() -> None:
    opened = {"allowed_routes": ["llm_api_routes"]}
    refused = case("gpt-4", row("gpt-4"), refusal=(403, "auth_error"), general=opened)
    refused.theirs["message"] = "Route /v1/chat/completions not allowed"
    assert _explained(refused) == {"A3, the proxy's own list of routes"}
    closed = case("gpt-4", row("gpt-4"), refusal=(403, "auth_error"), general={"allowed_routes": ["/v1/models"]})
    closed.theirs["message"] = "Route /v1/chat/completions not allowed"
    assert _explained(closed) is None
