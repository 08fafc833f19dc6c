"""The naive model against the access cases: what judges the policies is judged too."""

import pytest

from access.cases import Case, given_cases, own_cases
from engines.case_questions import config, question
from engines.naive import Naive

_TYPES = {
    "key_model_access": "key_model_access_denied",
    "team_model_access": "team_model_access_denied",
    "member_model_access": "team_model_access_denied",
    "user_model_access": "user_model_access_denied",
    "user_default_models": "key_model_access_denied",
    "user_team_models": "key_model_access_denied",
    "customer_model_access": "customer_model_access_denied",
    "project_model_access": "project_model_access_denied",
    "org_model_access": "org_model_access_denied",
    "team_org_model_access": "org_model_access_denied",
    "key_expiry": "expired_key",
}
_STATUS = {
    **dict.fromkeys(("token_admin_routes", "token_team_claim", "token_user", "team_active", "user_active"), 401),
    **dict.fromkeys(("key_active", "key_expiry", "project_active", "customer_active", "admin_only"), 401),
    **dict.fromkeys(("token_team_exists", "team_exists"), 404),
    **dict.fromkeys(("well_formed", "names_agree", "model_known"), 400),
}
_AREAS = {
    *("key", "team", "user", "org", "access_group", "wildcard", "special", "alias", "lifecycle", "models_list"),
    *("jwt_rbac", "jwt_scope"),
}
_RECORDS = {
    *("key", "team", "teams", "user", "team_member", "org", "project", "end_user", "access_groups"),
    "jwt_key_mapping",
}


def _simple(case: Case) -> bool:
    """Whether the case is about subjects and models alone: no odd credential, body, path, token or setting."""
    body, jwt = case.request.get("body", {}), case.fields.get("jwt", {})
    plain = "raw_body" not in case.request and body.keys() <= {"model", "input", "user"}
    named = "\n" not in body.get("model", "") and "," not in body.get("model", "")
    path = case.request["path"]
    routed = path == "/v1/chat/completions" if jwt else True
    signed = jwt.get("token", {}).get("alg", "RS256") == "RS256" and not jwt.get("token", {}).get("state")
    trusted = signed and not jwt.get("env") and not case.expect.get("config_error")
    known = {kind for kind, record in case.subjects.items() if record} <= _RECORDS
    return plain and named and routed and trusted and known and not case.fields.keys() & {"bearer", "auth"}


SIMPLE = [case for case in (*given_cases(), *own_cases()) if case.fields["area"] in _AREAS and _simple(case)]


@pytest.mark.parametrize("case", SIMPLE, ids=[case.id for case in SIMPLE])
def test_the_naive_model_agrees_with_the_access_case(case: Case) -> None:
    naive, expect, asked = Naive(config(case)), case.expect, question(case)
    verdict = naive.decide(asked)
    assert verdict.allow == expect["allow"]
    if not verdict.allow and "jwt" in case.fields:
        statuses = expect.get("status_any", [expect["status"]])
        assert _STATUS.get(verdict.refusals[0], 403) in statuses
    if "error_type" in expect:
        assert _TYPES.get(verdict.refusals[0], "auth_error") == expect["error_type"]
    if "models" in expect:
        assert naive.listed(asked) == set(expect["models"])
