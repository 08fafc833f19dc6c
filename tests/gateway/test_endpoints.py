"""The table of endpoints against the list of them: which there are, and which groups hold them (A3)."""

import re
from collections import Counter

import pytest

from gateway.endpoint_list import INFO_ROUTES, LLM_API_ROUTES, MANAGEMENT_ROUTES, OPENAI_ROUTES, Endpoint
from harness.tables import for_each
from modelward.contract import RouteGroup
from modelward.gateway.endpoints import CALLS, ROUTES
from modelward.gateway.routes import SOCKET, Route, Router

GROUPS: dict[RouteGroup, set[Endpoint]] = {
    "openai_routes": OPENAI_ROUTES,
    "llm_api_routes": LLM_API_ROUTES,
    "info_routes": INFO_ROUTES,
    "management_routes": MANAGEMENT_ROUTES,
}
EACH_CALL = for_each("row", [row for row in ROUTES if row.operation == "infer"], ids=lambda row: row.template)


def endpoints(row: Route) -> list[Endpoint]:
    """Each method of a row with its path."""
    return [(method, re.sub(r"\{\w+\}", "{}", row.template)) for method in sorted(row.methods)]


def test_the_table_holds_the_listed_endpoints_and_no_other() -> None:
    held = {endpoint for row in ROUTES for endpoint in endpoints(row)}
    assert held == LLM_API_ROUTES | INFO_ROUTES | MANAGEMENT_ROUTES


def test_no_two_rows_claim_the_same_method_and_path() -> None:
    claims = Counter(endpoint for row in ROUTES for endpoint in endpoints(row))
    assert [endpoint for endpoint, count in claims.items() if count > 1] == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_holds_its_listed_endpoints_and_no_other(group: RouteGroup) -> None:
    assert {endpoint for row in ROUTES if group in row.groups for endpoint in endpoints(row)} == GROUPS[group]


def test_every_row_is_in_a_group() -> None:
    assert [row.template for row in ROUTES if not row.groups] == []


def test_the_templates_of_calls_are_those_that_call_models() -> None:
    assert set(CALLS) == {row.template for row in ROUTES if row.operation == "infer"}


@EACH_CALL
def test_a_call_goes_to_an_upstream(row: Route) -> None:
    assert row.upstream is not None
    assert row.methods in ({"POST"}, {SOCKET})


@for_each("row", [row for row in ROUTES if row.upstream], ids=lambda row: row.template)
def test_what_stands_in_an_upstreams_path_stands_in_the_clients(row: Route) -> None:
    assert row.upstream is not None
    asked = set(re.findall(r"\{(\w+)\}", row.upstream.path))
    assert asked <= set(re.findall(r"\{(\w+)\}", row.template))
    assert "path" not in asked


@EACH_CALL
def test_a_model_in_the_path_is_told_to_the_upstream(row: Route) -> None:
    assert row.upstream is not None
    if "{model}" in row.template and row.upstream.dialect != "openai":
        assert "{model}" in row.upstream.path
    else:
        assert row.names


@for_each("row", [row for row in ROUTES if row.holds], ids=lambda row: row.template)
def test_a_row_that_holds_an_object_answers_for_its_state(row: Route) -> None:
    one_of_its_own = "{" in row.template.removeprefix("/azure/openai").removeprefix("/openai")
    assert row.operation == "state" or (row.operation == "infer" and one_of_its_own)
    assert one_of_its_own or row.handler == "objects"


def test_no_row_holds_an_id_beside_a_models_name() -> None:
    for row in ROUTES:
        found = re.findall(r"\{(\w+)\}", row.template)
        assert len(found) == len(set(found))
        assert "model" not in found or not row.holds


def test_no_pattern_claims_what_another_row_has() -> None:
    router = Router(ROUTES)
    for row in ROUTES:
        path = re.sub(r"\{\w+\}", "x", row.template)
        for method in row.methods:
            match = router.find(method, path)
            assert match is not None
            assert match.route.template == row.template
