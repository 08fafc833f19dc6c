"""Drawn tokens that say something at the places that the settings name (section 7)."""

from typing import Any

from engines.drawn import Draws
from engines.drawn_records import RecordDice
from engines.words import ADMIN_SCOPE, MAILS, ORGANIZATION_IDS, ROLES, SCOPES, TEAM_IDS, UNKNOWN_TEAM, USER_IDS
from modelward.contract import Caller, Team, Token, TokenRecords, User

_TEAMS = [*TEAM_IDS * 6, UNKNOWN_TEAM]
_USERS = [*USER_IDS * 6, "u9"]
_CLAIMS = {
    "object_id": ([*_TEAMS, *_USERS], 85),
    "team_id": (_TEAMS, 93),
    "team_alias": (["red", "red", "red", "blue"], 92),
    "user_id": (_USERS, 92),
    "user_email": ([*[MAILS[0]] * 8, *MAILS], 95),
    "org_id": ([*ORGANIZATION_IDS * 6, "o9"], 70),
}

Words = dict[str, Any]


def bearer(draws: Draws, records: RecordDice, jwt: Words) -> Caller:
    """A token with the records that it and its users name."""
    token = _token(draws, jwt)
    users = [records.user(one) for one in [*USER_IDS, MAILS[0]] if one in {token.user_id, token.object_id, token.email}]
    teams = {one: records.team(one) for one in _named_teams(token, users) if not draws.rarely(5)}
    pairs = [(user.user_id, team_id) for user in users for team_id in teams if draws.rarely(40)]
    known = TokenRecords(
        teams=teams,
        teams_of_alias=[one for one, team in teams.items() if team.team_alias and team.team_alias == token.team_alias],
        users={user.user_id: user for user in users},
        members=[records.member(*pair) for pair in pairs],
    )
    return Caller(kind="jwt", token=token, records=known, **_shared(records, token, [*teams.values()]))


def _shared(records: RecordDice, token: Token, teams: list[Team]) -> Words:
    return {
        "organizations": records.organizations([token.organization_id, *(team.organization_id for team in teams)]),
        "access_groups": records.access_groups([one for team in teams for one in team.access_group_ids]),
    }


def _named_teams(token: Token, users: list[User]) -> list[str]:
    """The ids, of teams that may have a record, that the token and its users name; any team may bear an alias."""
    named = {token.chosen_team_id, token.object_id, token.team_id, token.team_id_default, *token.team_ids}
    named |= {one for user in users for one in user.teams}
    return [one for one in TEAM_IDS if token.team_alias or one in named]


def _token(draws: Draws, jwt: Words) -> Token:
    """A fact whose place the settings do not name is not there."""

    def items(field: str, words: list[str]) -> list[str]:
        return sorted(draws.different(words, 3)) if f"{field}_jwt_field" in jwt else []

    said = {fact: draws.pick_or_none(*odds) for fact, odds in _CLAIMS.items() if f"{fact}_jwt_field" in jwt}
    teams = items("team_ids", _TEAMS)
    claimed = [*teams, *([said["team_id"]] if said.get("team_id") else [])]
    return Token(
        scopes=[*draws.some(SCOPES, 3), *draws.some([ADMIN_SCOPE, f"{ADMIN_SCOPE}s"], 1 if draws.rarely(15) else 0)],
        roles=items("roles", [*ROLES, "team"]),
        user_roles=items("user_roles", [*ROLES, "internal_user"]),
        object_id=said.get("object_id"),
        chosen_team_id=draws.pick_or_none([*claimed * 8, *_TEAMS], 20 if claimed else 2),
        expects_team=bool(jwt.keys() & {"team_id_jwt_field", "team_alias_jwt_field"}),
        team_id=said.get("team_id"),
        team_id_default=jwt.get("team_id_default"),
        team_alias=said.get("team_alias"),
        team_ids=teams,
        user_id=said.get("user_id"),
        email=said.get("user_email"),
        organization_id=said.get("org_id"),
    )
