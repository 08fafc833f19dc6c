"""Differences in what a listing shows (section 8 of the rules)."""

from compare.case import Case, Point, allows
from compare.difference import Difference

_OF_THE_CALL = frozenset(
    {"proxy_routes", "key_routes", "role_routes", "token_team_routes", "token_admin_routes", "user_role"}
)
"""Rules that refuse a call for its route or its caller's role: they do not empty a listing (V2)."""


def _a_listing_is_what_may_be_called(case: Case, point: Point) -> bool:
    """Modelward's listing and its call agree, whatever LiteLLM's do; a name under a pattern or a provider that no entry
    or alias has is not listed at all."""
    if point.kind not in {"listed", "unlisted"}:
        return False
    own = [row for row in case.rows if row["model_info"].get("team_id") in {None, case.ours["team"]}]
    names = {row["model_name"] for row in own} | {*case.global_aliases}
    names |= {row["model_info"].get("team_public_model_name") for row in own}
    names |= {*case.key.get("aliases", {}), *case.team.get("model_aliases", {})}
    called = case.calls[point.name][0]
    may_be_called = allows(called) or _OF_THE_CALL.issuperset(called["rules"])
    return may_be_called == (point.kind == "listed") or (point.kind == "unlisted" and point.name not in names)


LISTINGS = (Difference("V1", _a_listing_is_what_may_be_called),)
