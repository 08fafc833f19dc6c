"""Drawn callers: keys with their records, tokens with the records they name, the master key."""

from datetime import timedelta
from typing import Any

from engines.drawn import Draws
from engines.drawn_records import KEY_HASH, RecordDice
from engines.drawn_tokens import bearer
from engines.words import NOW, ROUTE_ITEMS, TEAM_IDS, TEAMS, USER_IDS, moment
from modelward.contract import Caller, Key, Team

_HOUR = timedelta(hours=1)
_EXPIRIES = [*[None] * 20, moment(NOW) - _HOUR, *[moment(NOW) + _HOUR] * 4]


def caller(draws: Draws, records: RecordDice, config: dict[str, Any]) -> Caller:
    """Mostly a key, often a token, seldom the master key."""
    chance = draws.number(0, 99)
    if chance < 5:
        return Caller(kind="master")
    if chance < 40:
        return bearer(draws, records, config["general_settings"]["litellm_jwtauth"])
    return _holder(draws, records, from_teams=config["litellm_settings"]["personal_key_model_access_from_teams"])


def _holder(draws: Draws, records: RecordDice, *, from_teams: bool) -> Caller:
    """A key with some of a team, an owner, a member's scope, a project, organizations and groups."""
    key = _key(draws, records)
    team = records.team(key.team_id) if key.team_id and not draws.rarely(4) else None
    user = records.user(key.user_id) if key.user_id and not draws.rarely(10) else None
    is_member = key.team_id and key.user_id and draws.rarely(40)
    owner_teams = [records.team(one) for one in user.teams if one in TEAM_IDS] if user and from_teams else []
    return Caller(
        kind="key",
        key=key,
        team=team,
        member=records.member(str(key.user_id), str(key.team_id)) if is_member else None,
        user=user,
        owner_teams=owner_teams,
        project=records.project() if key.project_id and not draws.rarely(6) else None,
        **_shared(records, [key, *([team] if team else []), *owner_teams]),
    )


def _shared(records: RecordDice, named_by: list[Key | Team]) -> dict[str, Any]:
    return {
        "organizations": records.organizations(each.organization_id for each in named_by),
        "access_groups": records.access_groups(one for each in named_by for one in each.access_group_ids),
    }


def _key(draws: Draws, records: RecordDice) -> Key:
    return Key(
        token=KEY_HASH,
        models=records.grants(),
        aliases=records.flat_aliases(),
        team_id=draws.pick([None, None, *TEAMS]),
        user_id=draws.pick_or_none(USER_IDS, 60),
        project_id=draws.pick_or_none(["p1"], 20),
        organization_id=records.organization_id(15),
        access_group_ids=records.group_ids(),
        expires=draws.pick(_EXPIRIES),
        blocked=draws.rarely(4),
        allowed_routes=draws.some(ROUTE_ITEMS, 3) if draws.rarely(10) else [],
    )
