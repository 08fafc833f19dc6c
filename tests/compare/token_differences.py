"""Differences in whom a token stands for, and what that allows (section 7 of the rules)."""

from itertools import chain

from compare.case import Case, Point
from compare.difference import Difference
from compare.lists import covers


def _a_role_must_be_claimed(case: Case, point: Point) -> bool:
    stands_in = "user_allowed_roles" in case.jwt and bool(case.claimed("user_id") or case.claimed("user_email"))
    return stands_in and point.kind in {"token_role", "token_mapped", "role_model_access", "role_routes"}


def _unmapped_tokens_are_refused(case: Case, point: Point) -> bool:
    return point.kind == "token_mapped"


def _lists_of_a_role_are_whole_lists(case: Case, point: Point) -> bool:
    """LiteLLM compares the names of `role_permissions` exactly."""
    permissions = case.world.config["general_settings"].get("role_permissions", [])
    items = [each.get("models", []) for each in permissions if each["role"] == case.ours["role"]]
    return bool(case.jwt.get("enforce_rbac")) and _is_exact(case, point, [*chain(*items)])


def _lists_of_a_scope_are_whole_lists(case: Case, point: Point) -> bool:
    """LiteLLM compares the names of `scope_mappings` exactly."""
    held = str((case.claims or {}).get("scope", "")).split()
    items = [each["models"] for each in case.jwt.get("scope_mappings", []) if each["scope"] in held]
    return _is_exact(case, point, [*chain(*items)])


def _is_exact(case: Case, point: Point, items: list[str]) -> bool:
    """Whether the list covers all the names, and one of them not as it stands."""
    covered = bool(items) and all(covers(items, case.found(name)) for name in case.names)
    return point.kind == "litellm 403" and covered and not {*items}.issuperset(case.names)


def _a_team_role_needs_a_team(case: Case, point: Point) -> bool:
    return point.kind == "token_team_claim" and case.ours["role"] == "team" and case.ours["team"] is None


def _one_claimed_team_has_the_routes_of_teams(case: Case, point: Point) -> bool:
    """LiteLLM looks at `team_allowed_routes` where it chooses among several teams."""
    passed_over = {"token_team_choice", "user_model_access", "model_known"} if case.ours["team"] is None else set()
    return "team_allowed_routes" in case.jwt and point.kind in {"token_team_routes", *passed_over}


def _a_blocked_team_is_passed_over(case: Case, point: Point) -> bool:
    """Of the claimed list LiteLLM takes the first team that covers the model, blocked or not."""
    claimed = [case.record("teams", "team_id", one) for one in case.claimed("team_ids") or []]
    blocked = [team["team_id"] for team in claimed if team.get("blocked")]
    return point.kind == "litellm 401" and any(f"Team={one} is blocked" in case.theirs["message"] for one in blocked)


def _object_ids(case: Case, point: Point) -> bool:
    """LiteLLM takes the object id for the team or the user whatever gave the role; here only a mapped role does."""
    object_id = case.claimed("object_id")
    if not object_id:
        return False
    if object_id == case.ours["team"] and case.ours["role"] != "team":
        return point.kind.startswith(("litellm 40", "team_", "user_"))
    if point.kind in {"litellm 401", "litellm 404"}:
        told = case.theirs["message"]
        if case.ours["role"] == "internal_user" and f"User={case.claimed('user_email')} has been deactivated" in told:
            return True
        as_team = f"Team={object_id}" in told and object_id != case.ours["team"]
        return as_team or (f"'user_id'={object_id}" in told and object_id != case.ours["user"])
    if object_id in {case.ours["team"], case.ours["user"]}:
        return False
    known = case.record("teams", "team_id", object_id) or case.record("users", "user_id", object_id)
    if point.kind == "litellm 403":
        return bool(known) and not all(covers(known["models"], case.found(name)) for name in case.names)
    named = point.kind.startswith(("token_team", "token_user", "team_", "user_", "member_"))
    return bool(known) and named and (case.ours["role"] in _SOMEBODY or "user_allowed_roles" in case.jwt)


_SOMEBODY = {"team", "internal_user"}


def _a_users_mail_is_not_its_record(case: Case, point: Point) -> bool:
    """LiteLLM finds a user without a record of its id by the mail address that the token claims."""
    mail = case.claimed("user_email")
    by_mail = case.record("users", "user_email", mail) if mail else {}
    if not by_mail or case.record("users", "user_id", case.claimed("user_id") or by_mail["user_email"]):
        return False
    judged_by_it = point.kind in {"litellm 401", "litellm 403"} and bool(by_mail["models"] or by_mail.get("metadata"))
    return point.kind in {"token_user", "token_team_claim"} or judged_by_it


def _an_admin_has_no_team(case: Case, point: Point) -> bool:
    """LiteLLM lets an admin by scope choose a team by the header, whose list then binds."""
    chosen = case.record("teams", "team_id", case.question["headers"].get("x-litellm-team-id"))
    covered = all(covers(chosen.get("models", []), case.found(name)) for name in case.names)
    return case.ours["role"] == "proxy_admin" and point.kind == "litellm 403" and bool(chosen) and not covered


def _a_scope_has_its_routes(case: Case, point: Point) -> bool:
    """LiteLLM does not look at the `routes` of a mapping."""
    held = str((case.claims or {}).get("scope", "")).split()
    mapped = [each for each in case.jwt.get("scope_mappings", []) if each["scope"] in held]
    return point.kind == "scope_model_access" and any("routes" in each for each in mapped)


def _a_blocked_customer_is_refused(case: Case, point: Point) -> bool:
    """LiteLLM refuses a blocked customer's call by key alone."""
    return point.kind == "customer_active" and case.claims is not None


def _an_unknown_alias_gives_way(case: Case, point: Point) -> bool:
    """LiteLLM's `team_claim_fallback` is for claimed ids alone."""
    unknown = point.kind == "litellm 404" and "Team with alias" in case.theirs["message"]
    return unknown and bool(case.jwt.get("team_claim_fallback"))


def _a_default_team_stands_in_for_no_claim(case: Case, point: Point) -> bool:
    """LiteLLM takes `team_id_default` for a claimed team that is not there too."""
    return "team_id_default" in case.jwt and point.kind.startswith("token_team")


TOKENS = (
    Difference("R7, the default team", _a_default_team_stands_in_for_no_claim),
    Difference("R7, an unknown alias", _an_unknown_alias_gives_way),
    Difference("A2, a blocked customer", _a_blocked_customer_is_refused),
    Difference("R2", _a_role_must_be_claimed),
    Difference("R3", _unmapped_tokens_are_refused),
    Difference("R4", _lists_of_a_role_are_whole_lists),
    Difference("R5", _lists_of_a_scope_are_whole_lists),
    Difference("R5, a scope's routes", _a_scope_has_its_routes),
    Difference("R6", _an_admin_has_no_team),
    Difference("R7, a team's role without a team", _a_team_role_needs_a_team),
    Difference("R7, the routes of one claimed team", _one_claimed_team_has_the_routes_of_teams),
    Difference("R7, a blocked team", _a_blocked_team_is_passed_over),
    Difference("R7, object ids", _object_ids),
    Difference("R8, a user's mail address", _a_users_mail_is_not_its_record),
)
