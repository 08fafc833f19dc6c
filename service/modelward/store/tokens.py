"""A token, looked up: the records that it may stand for (R7, R8)."""

from collections.abc import Iterable

from sqlalchemy import select

from modelward.contract import Caller, Catalog, Team, Token, TokenRecords
from modelward.errors import Unidentified
from modelward.store.database import Database
from modelward.store.kinds import ACCESS_GROUPS, ORGANIZATIONS, TEAMS, USERS
from modelward.store.lookups import can_be_id, read_members, read_subjects
from modelward.store.records import TeamRecord
from modelward.store.rows import record
from modelward.store.tables import teams

MOST_TEAMS = 200
"""As many teams may a token claim: every one is looked up, and weighed by the rules."""


async def read_token_caller(database: Database, catalog: Catalog, token: Token) -> Caller:
    """The caller with that token, and the records it may stand for, with one query for each kind, and one more for an
    alias. Raises Unidentified if it claims too many teams, and StoreUnavailable."""
    if len(token.team_ids) > MOST_TEAMS:
        raise Unidentified(f"the token claims more than {MOST_TEAMS} teams: have its issuer name those needed here")
    named = [token.user_id, token.object_id, token.email]
    users = await read_subjects(database, catalog, USERS, named)
    of_alias = await _teams_of_alias(database, catalog, token.team_alias)
    claimed = {token.team_id, token.team_id_default, token.chosen_team_id, token.object_id, *token.team_ids}
    claimed.update(team_id for user in users.values() for team_id in user.teams)
    found = await read_subjects(database, catalog, TEAMS, claimed - of_alias.keys()) | of_alias
    organizations = [token.organization_id, *(team.organization_id for team in found.values())]
    return Caller(
        kind="jwt",
        token=token,
        organizations=await read_subjects(database, catalog, ORGANIZATIONS, organizations),
        access_groups=await read_subjects(database, catalog, ACCESS_GROUPS, _group_ids(found.values())),
        records=TokenRecords(
            teams=found,
            teams_of_alias=sorted(of_alias),
            users=users,
            # A scope in a team binds its user with a record or without (L3).
            members=await read_members(database, catalog, found, {each for each in named if each and can_be_id(each)}),
        ),
    )


async def _teams_of_alias(database: Database, catalog: Catalog, alias: str | None) -> dict[str, Team]:
    """The teams that bear an alias, keyed by id."""
    if alias is None or not can_be_id(alias):
        return {}
    found = {team_id: team for team_id, team in catalog.declared_teams.items() if team.alias == alias}
    async with database.read() as connection:
        for row in await connection.execute(select(teams).where(teams.c.team_alias == alias)):
            stored = record(TeamRecord, teams, row).subject()
            if stored.team_id not in catalog.declared_teams:
                found[stored.team_id] = stored
    return found


def _group_ids(named: Iterable[Team]) -> list[str]:
    return [group_id for team in named for group_id in team.access_group_ids]
