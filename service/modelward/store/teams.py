"""The records of teams."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.keys import EXISTS
from modelward.store.records import TeamRecord
from modelward.store.rows import record, values
from modelward.store.tables import keys, teams


class TeamTable:
    """Every method raises StoreUnavailable; a change raises Conflict for what the config file declares."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        self._database = database
        self._declared = declared

    async def add(self, team: TeamRecord) -> None:
        """Store a new team. Raises Conflict if its id is taken."""
        self._refuse_declared(team.team_id)
        async with self._database.write() as connection:
            try:
                await connection.execute(insert(teams).values(values(team)))
            except IntegrityError:
                message = f"a team `{team.team_id}` exists already: choose another `team_id`"
                raise Conflict(message, status=EXISTS) from None

    async def get(self, team_id: str) -> TeamRecord:
        """The team of that id. Raises NotFound."""
        if declared := self._declared().declared_teams.get(team_id):
            return TeamRecord.of(declared)
        async with self._database.read() as connection:
            return await _one(connection, team_id, select(teams).where(teams.c.team_id == team_id))

    async def change(self, team_id: str, edit: Callable[[TeamRecord], TeamRecord]) -> TeamRecord:
        """Replace a team by what `edit` makes of it. Raises NotFound."""
        self._refuse_declared(team_id)
        this = teams.c.team_id == team_id
        async with self._database.write() as connection:
            edited = edit(await _one(connection, team_id, select(teams).where(this).with_for_update()))
            await connection.execute(update(teams).where(this).values(values(edited)))
        return edited

    async def remove(self, team_ids: Sequence[str]) -> list[TeamRecord]:
        """Delete all of these teams with their keys, or none: raises NotFound if one is missing."""
        for team_id in team_ids:
            self._refuse_declared(team_id)
        async with self._database.write() as connection:
            rows = await connection.execute(delete(teams).where(teams.c.team_id.in_(team_ids)).returning(teams))
            removed = [record(TeamRecord, teams, row) for row in rows]
            missing = set(team_ids) - {team.team_id for team in removed}
            if missing:
                raise NotFound(f"no team `{min(missing)}`: none was deleted; see `/team/list`")
            await connection.execute(delete(keys).where(keys.c.team_id.in_(team_ids)))
        return removed

    async def all(self) -> list[TeamRecord]:
        """Every team, the declared first, then the newest."""
        declared = [TeamRecord.of(team) for team in self._declared().declared_teams.values()]
        query = select(teams).order_by(teams.c.created_at.desc(), teams.c.team_id)
        async with self._database.read() as connection:
            return declared + [record(TeamRecord, teams, row) for row in await connection.execute(query)]

    def _refuse_declared(self, team_id: str) -> None:
        if team_id in self._declared().declared_teams:
            raise Conflict(f"the team `{team_id}` is declared in the config file: change it there")


async def _one(connection: AsyncConnection, team_id: str, query: Select[Any]) -> TeamRecord:
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound(f"no team `{team_id}`; see `/team/list`")
    return record(TeamRecord, teams, row)
