"""A key hash, looked up: the key with its team and its user."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Row, select

from modelward.contract import Caller, Catalog, Team, User
from modelward.errors import NotFound
from modelward.store.database import Database
from modelward.store.records import KeyRecord, TeamRecord, UserRecord
from modelward.store.rows import record
from modelward.store.tables import keys, teams, users
from modelward.store.teams import TeamTable
from modelward.store.users import UserTable

_QUERY = select(keys, teams, users).select_from(
    keys.outerjoin(teams, teams.c.team_id == keys.c.team_id).outerjoin(users, users.c.user_id == keys.c.user_id)
)


async def read_caller(database: Database, catalog: Catalog, key_hash: str) -> Caller | None:
    """The caller with that key, `None` if nobody has it. What the config file declares comes first; a team or user
    without a record stays `None` (L8). Raises StoreUnavailable."""
    declared = catalog.declared_keys.get(key_hash)
    if declared is not None:
        team = await _team(database, catalog, declared.team_id)
        return Caller(kind="key", key=declared, team=team, user=await _user(database, catalog, declared.user_id))
    async with database.read() as connection:
        row = (await connection.execute(_QUERY.where(keys.c.hash == key_hash))).one_or_none()
        return None if row is None else _stored(catalog, row)


def _stored(catalog: Catalog, row: Row[Any]) -> Caller:
    key = record(KeyRecord, keys, row).subject()
    team = catalog.declared_teams.get(key.team_id or "")
    if team is None and row._mapping[teams.c.team_id] is not None:
        team = record(TeamRecord, teams, row).subject()
    user = catalog.declared_users.get(key.user_id or "")
    if user is None and row._mapping[users.c.user_id] is not None:
        user = record(UserRecord, users, row).subject()
    return Caller(kind="key", key=key, team=team, user=user)


async def _team(database: Database, catalog: Catalog, team_id: str | None) -> Team | None:
    if team_id is not None:
        with suppress(NotFound):
            return (await TeamTable(database, lambda: catalog).get(team_id)).subject()
    return None


async def _user(database: Database, catalog: Catalog, user_id: str | None) -> User | None:
    if user_id is not None:
        with suppress(NotFound):
            return (await UserTable(database, lambda: catalog).get(user_id)).subject()
    return None
