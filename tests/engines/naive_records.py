"""What the records themselves refuse: blocked, expired, missing ones (A2, A3, L8)."""

from collections.abc import Iterator

from engines.naive_caller import NaiveCaller
from engines.naive_routes import on_the_list
from modelward.contract import Input


def refused_by_records(question: Input, judged: NaiveCaller) -> Iterator[str]:
    """The rules that refuse whatever the models."""
    yield from _key(question)
    yield from _missing(judged)
    caller = judged.caller
    if caller.team and caller.team.blocked:
        yield "team_active"
    if caller.user and caller.user.metadata.get("scim_active", True) is not True:
        yield "user_active"
    if (
        caller.user
        and caller.user.user_role == "proxy_admin_viewer"
        and question.request.operation in {"infer", "state"}
    ):
        yield "user_role"
    if question.customer and question.customer.blocked:
        yield "customer_active"
    if caller.project and caller.project.blocked:
        yield "project_active"


def _key(question: Input) -> Iterator[str]:
    key, request = question.caller.key, question.request
    if key is None:
        return
    if key.blocked:
        yield "key_active"
    if key.expires_ns is not None and key.expires_ns <= request.time_ns:
        yield "key_expiry"
    if key.allowed_routes and not on_the_list(key.allowed_routes, request):
        yield "key_routes"


def _missing(judged: NaiveCaller) -> Iterator[str]:
    caller = judged.caller
    if caller.key and caller.key.team_id is not None and caller.team is None:
        yield "team_exists"
    if caller.key and caller.key.project_id is not None and caller.project is None:
        yield "project_exists"
    if any(one not in caller.organizations for _, one in judged.organization_ids()):
        yield "org_exists"
