"""The members of teams, and what goes with a team or a user."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import ColumnElement, and_, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog, Member, Team, User
from modelward.errors import Conflict, NotFound
from modelward.store.database import AT_ONCE, Database, batches
from modelward.store.objects import owner_column
from modelward.store.record_table import RecordTable, replace_in_lists
from modelward.store.tables import EXISTS, MEMBERS, USERS, keys, members, new_owner, objects, teams, users


class TeamTable(RecordTable[Team]):
    """Teams: with one go its keys and its members, and no user belongs to it any more."""

    async def _removed(self, connection: AsyncConnection, record_ids: Sequence[str]) -> None:
        for team_id in record_ids:
            await replace_in_lists(connection, users.c.teams, team_id, None)
        await connection.execute(delete(members).where(members.c.team_id.in_(record_ids)))
        await connection.execute(delete(keys).where(keys.c.team_id.in_(record_ids)))


class UserTable(RecordTable[User]):
    """Users: a new one keeps what was made under its id alone. With one go its keys and its memberships, and what it
    made has no owner."""

    async def _added(self, connection: AsyncConnection, new: User) -> None:
        await _take_over(connection, new)

    async def _removed(self, connection: AsyncConnection, record_ids: Sequence[str]) -> None:
        await connection.execute(delete(members).where(members.c.user_id.in_(record_ids)))
        await connection.execute(delete(keys).where(keys.c.user_id.in_(record_ids)))
        for user_id in record_ids:
            await _give(connection, user_id, new_owner("user"))


async def _take_over(connection: AsyncConnection, user: User) -> None:
    if user.objects_owner is not None:
        await _give(connection, user.user_id, user.objects_owner)


async def _give(connection: AsyncConnection, user_id: str, owner: str) -> None:
    """What was made under a user's id alone gets another owner, five hundred objects with each statement."""
    of_the_id = objects.c.owner == owner_column(f"user:{user_id}")
    some = select(*objects.primary_key).where(of_the_id).limit(AT_ONCE)
    statement = update(objects).where(tuple_(*objects.primary_key).in_(some)).values(owner=owner)
    while (await connection.execute(statement)).rowcount:
        pass


class MemberTable:
    """Every method raises StoreUnavailable; a change raises Conflict where the config file declares the team or user.
    Locks are taken in one order, team, users, members, so that two changes never wait for each other."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        self._database = database
        self._declared = declared

    async def add_all(self, team_id: str, new: Sequence[Member]) -> None:
        """Put users into a team, all or none; a user without a record gets one. Raises NotFound for the team, and
        Conflict of status 400 if one is a member already."""
        user_ids = [member.user_id for member in new]
        self._refuse_declared(team_id, user_ids)
        async with self._database.write() as connection:
            await _lock_team(connection, team_id)
            known = await _locked_teams(connection, user_ids)
            for user_id in sorted(set(user_ids)):
                if user_id not in known:
                    await _insert_user(connection, USERS.owning(User(user_id=user_id, teams=[team_id])))
                elif team_id not in known[user_id]:
                    await _set_teams(connection, user_id, [*known[user_id], team_id])
            for member in new:
                values = MEMBERS.values(member.model_copy(update={"team_id": team_id}))
                try:
                    await connection.execute(insert(members).values(values))
                except IntegrityError:
                    message = f"the user `{member.user_id}` is a member of team `{team_id}` already; see `/team/info`"
                    raise Conflict(message, status=EXISTS) from None

    async def of_team(self, team_id: str) -> list[Member]:
        """The members of a team, the declared first."""
        return (await self.of_teams([team_id]))[team_id]

    async def of_teams(self, team_ids: Iterable[str]) -> dict[str, list[Member]]:
        """The members of each of these teams, the declared first, with one query for each five hundred teams."""
        ids, declared = list(dict.fromkeys(team_ids)), self._declared().declared_members
        found = {each: [MEMBERS.shown(member) for member in declared.get(each, {}).values()] for each in ids}
        for batch in batches(ids):
            query = select(members).where(members.c.team_id.in_(batch)).order_by(members.c.team_id, members.c.user_id)
            for member in await self._database.all(query, MEMBERS.read):
                if member.user_id not in declared.get(member.team_id, {}):
                    found[member.team_id].append(member)
        return found

    async def change(self, team_id: str, user_id: str, edit: Callable[[Member], Member]) -> Member:
        """Replace a member by what `edit` makes of it, in the same team. Raises NotFound."""
        self._refuse_declared(team_id, [user_id])
        this = _these(team_id, [user_id])
        async with self._database.write() as connection:
            row = (await connection.execute(select(members).where(this).with_for_update())).one_or_none()
            if row is None:
                raise _no_member(team_id, user_id)
            edited = edit(MEMBERS.read(row))
            await connection.execute(update(members).where(this).values(MEMBERS.values(edited)))
        return edited

    async def remove(self, team_id: str, user_ids: Sequence[str]) -> list[Member]:
        """Take users out of a team, all or none: raises NotFound if one is no member."""
        self._refuse_declared(team_id, user_ids)
        async with self._database.write() as connection:
            await _lock_team(connection, team_id)
            for user_id, team_ids in (await _locked_teams(connection, user_ids)).items():
                await _set_teams(connection, user_id, [each for each in team_ids if each != team_id])
            rows = await connection.execute(delete(members).where(_these(team_id, user_ids)).returning(members))
            removed = [MEMBERS.read(row) for row in rows]
            missing = set(user_ids) - {member.user_id for member in removed}
            if missing:
                raise _no_member(team_id, min(missing))
        return removed

    def _refuse_declared(self, team_id: str, user_ids: Iterable[str]) -> None:
        catalog = self._declared()
        if team_id in catalog.declared_teams or team_id in catalog.declared_members:
            raise Conflict(f"the team `{team_id}` is declared in the config file: change its members there")
        for user_id in user_ids:
            if user_id in catalog.declared_users:
                raise Conflict(f"the user `{user_id}` is declared in the config file: change its teams there")


def _these(team_id: str, user_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(members.c.team_id == team_id, members.c.user_id.in_(user_ids))


def _no_member(team_id: str, user_id: str) -> NotFound:
    return NotFound(f"no member `{user_id}` in team `{team_id}`; see `/team/info`")


async def _lock_team(connection: AsyncConnection, team_id: str) -> None:
    query = select(teams.c.team_id).where(teams.c.team_id == team_id).with_for_update()
    if (await connection.execute(query)).one_or_none() is None:
        raise NotFound(f"no team `{team_id}`; see `/team/list`")


async def _locked_teams(connection: AsyncConnection, user_ids: Sequence[str]) -> dict[str, list[str]]:
    """The teams of each of these users that has a record."""
    query = select(users.c.user_id, users.c.teams).where(users.c.user_id.in_(user_ids))
    rows = await connection.execute(query.order_by(users.c.user_id).with_for_update())
    return {row.user_id: row.teams for row in rows}


async def _insert_user(connection: AsyncConnection, user: User) -> None:
    try:
        await connection.execute(insert(users).values(USERS.values(user)))
        await _take_over(connection, user)
    except IntegrityError:
        raise Conflict(f"the user `{user.user_id}` was made at this very moment: try again") from None


async def _set_teams(connection: AsyncConnection, user_id: str, team_ids: list[str]) -> None:
    await connection.execute(update(users).where(users.c.user_id == user_id).values(teams=team_ids))
