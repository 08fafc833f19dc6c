"""Differences in who must agree, and in whose life counts (sections 5 and 6 of the rules)."""

from compare.case import Case, Point
from compare.difference import Difference
from compare.lists import LISTS

_ORGANIZATIONS = {"org_model_access", "team_org_model_access"}


def _organizations_bind(case: Case, point: Point) -> bool:
    return point.kind in _ORGANIZATIONS and bool(case.world.records["organizations"])


def _a_record_must_be_there(case: Case, point: Point) -> bool:
    if point.kind == "project_exists":
        return not case.record("projects", "project_id", case.key["project_id"])
    named = {case.key.get("organization_id"), case.team.get("organization_id"), (case.claims or {}).get("org_id")}
    return point.kind in {*_ORGANIZATIONS, "org_exists"} and any(
        one and not case.record("organizations", "organization_id", one) for one in named
    )


def _view_only_admins_call_nothing(case: Case, point: Point) -> bool:
    return point.kind == "user_role" and case.user.get("user_role") == "proxy_admin_viewer"


def _groups_are_all_there_is(case: Case, point: Point) -> bool:
    holder = {"key_model_access": case.key, "team_model_access": case.team}.get(point.kind, {})
    return bool(holder.get("access_group_ids")) and not holder["models"]


def _the_proxys_routes_are_a_list_like_any_other(case: Case, point: Point) -> bool:
    """LiteLLM takes each item of `general_settings.allowed_routes` for a path; groups and templates count here too."""
    path, items = case.question["path"], case.world.config["general_settings"].get("allowed_routes", [])
    refused = point.kind == "litellm 403" and "Route" in case.theirs["message"]
    groups = _GROUPS if case.question["method"] == "GET" else _GROUPS - {"info_routes"}
    opened = {item for item in items if item in groups or path.startswith(item.partition("*")[0].partition("{")[0])}
    return refused and bool(opened) and path not in items


def _a_models_part_of_a_path(case: Case, point: Point) -> bool:
    """LiteLLM decodes a path, so that a template for one segment does not hold a model with a slash."""
    refused = point.kind in {"litellm 401", "litellm 403"} and "route" in case.theirs["message"].lower()
    return refused and "%2F" in case.question["path"]


def _a_configs_fallback_is_judged(case: Case, point: Point) -> bool:
    """LiteLLM judges no fallback of the config, and takes it also for a model that is not there."""
    mapped = {name for each in case.world.config["router_settings"].get("fallbacks", []) for name in each}
    return point.kind in {"model_known", "modelward 502", "litellm 500"} and bool(mapped & {*case.names})


def _a_clients_fallbacks_are_judged_like_models(case: Case, point: Point) -> bool:
    """LiteLLM holds them against the lists of the key and the customer, does not ask whether they are there, and lets
    them stand in for a model that is not."""
    fallbacks = {*(case.question["body"] or {}).get("fallbacks", [])}
    if point.kind == "model_known":
        return bool(fallbacks)
    return point.name in fallbacks - {case.model} and point.kind in LISTS - {
        "key_model_access",
        "customer_model_access",
    }


_GROUPS = {"llm_api_routes", "openai_routes", "info_routes"}


def _a_teams_models_are_left_to_the_team(case: Case, point: Point) -> bool:
    """LiteLLM takes `all-team-models` on a project or a member for a name that no model has."""
    lists = {"project_model_access_denied": "project_model_access", "team_model_access_denied": "member_model_access"}
    items = case.lists.get(lists.get(case.theirs["type"], ""), [])
    return point.kind == "litellm 403" and "all-team-models" in items


LAYERS = (
    Difference("G7", _a_teams_models_are_left_to_the_team),
    Difference("F2", _a_configs_fallback_is_judged),
    Difference("A3, a model's part of a path", _a_models_part_of_a_path),
    Difference("F1", _a_clients_fallbacks_are_judged_like_models),
    Difference("A3, the proxy's own list of routes", _the_proxys_routes_are_a_list_like_any_other),
    Difference("L6", _organizations_bind),
    Difference("L8, records that are not there", _a_record_must_be_there),
    Difference("A2, view-only admins", _view_only_admins_call_nothing),
    Difference("G9", _groups_are_all_there_is),
)
