"""The naive model against the access cases: what judges the policies is judged too."""

from typing import Any

import pytest

from access.cases import Case, gated
from engines.naive import Naive
from engines.scenarios import NOW
from modelward.contract import Caller, Key, Request, Team, User

_TYPES = {
    "key_model_access": "key_model_access_denied",
    "team_model_access": "team_model_access_denied",
    "user_model_access": "user_model_access_denied",
    "user_default_models": "key_model_access_denied",
    "key_expiry": "expired_key",
}
_AREAS = {
    *("key", "team", "user", "access_group", "wildcard", "special", "alias", "lifecycle", "models_list"),
}
_GROUPS = {"POST": ["openai_routes", "llm_api_routes"], "GET": ["openai_routes", "info_routes"]}


def _simple(case: Case) -> bool:
    """Whether the case is about subjects and models alone: no odd credential, body or path."""
    body = case.request.get("body", {})
    plain = "raw_body" not in case.request and body.keys() <= {"model", "input"} and "\n" not in body.get("model", "")
    records = {kind for kind, record in case.subjects.items() if record}
    return plain and not case.fields.keys() & {"jwt", "bearer", "auth"} and records <= {"key", "team", "teams", "user"}


SIMPLE = [case for case in gated() if case.fields["area"] in _AREAS and _simple(case)]


@pytest.mark.parametrize("case", SIMPLE, ids=[case.id for case in SIMPLE])
def test_the_naive_model_agrees_with_the_access_case(case: Case) -> None:
    naive, expect, caller = Naive(_config(case)), case.expect, _caller(case)
    verdict = naive.decide(_request(case), caller)
    assert verdict.allow == expect["allow"]
    if "error_type" in expect:
        assert _TYPES.get(verdict.refusals[0], "auth_error") == expect["error_type"]
    if "models" in expect:
        assert naive.listed(caller) == set(expect["models"])


def _config(case: Case) -> dict[str, Any]:
    rows = [
        {**row, "model_info": {"id": f"d{place}", **row.get("model_info", {})}}
        for place, row in enumerate(case.deployments)
    ]
    return {**case.fields["config"], "model_list": rows}


def _request(case: Case) -> Request:
    method, path = case.request["method"], case.request["path"].split("?")[0]
    models = [case.request["body"]["model"]] if method == "POST" else []
    operation = "infer" if method == "POST" else "list"
    return Request(method, path, path, operation, _GROUPS[method], models, NOW)  # type: ignore[arg-type]


def _caller(case: Case) -> Caller:
    """The records as contract values; only past expiry times occur, so any time in the past will do."""
    key, team, user = (dict(case.subjects.get(kind) or {}) for kind in ("key", "team", "user"))
    expires_ns = 1 if key.pop("expires", None) else None
    if "user_role" in user:
        user["role"] = user.pop("user_role")
    return Caller(
        kind="key",
        key=Key(hash="0" * 64, expires_ns=expires_ns, **key),
        team=Team(**team) if team else None,
        user=User(**user) if user else None,
    )
