"""What goes with a team, and with a user, and what comes with one."""

from collections.abc import Sequence

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.store.json_lists import replace_in_lists
from modelward.store.object_rows import owner_column
from modelward.store.records import UserRecord
from modelward.store.tables import keys, members, objects, users

_AT_ONCE = 500


async def remove_with_teams(connection: AsyncConnection, team_ids: Sequence[str]) -> None:
    """Its keys and its members go, and no user belongs to it any more."""
    for team_id in team_ids:
        await replace_in_lists(connection, users.c.teams, team_id, None)
    await connection.execute(delete(members).where(members.c.team_id.in_(team_ids)))
    await connection.execute(delete(keys).where(keys.c.team_id.in_(team_ids)))


async def remove_with_users(connection: AsyncConnection, user_ids: Sequence[str]) -> None:
    """Its keys and its memberships go."""
    await connection.execute(delete(members).where(members.c.user_id.in_(user_ids)))
    await connection.execute(delete(keys).where(keys.c.user_id.in_(user_ids)))


async def take_over(connection: AsyncConnection, user: UserRecord) -> None:
    """A user who gets a record keeps what was made under the id alone; five hundred objects with each statement."""
    if user.objects_owner is None:
        return
    of_the_id = objects.c.owner == owner_column(f"user:{user.user_id}")
    some = select(*objects.primary_key).where(of_the_id).limit(_AT_ONCE)
    statement = update(objects).where(tuple_(*objects.primary_key).in_(some)).values(owner=user.objects_owner)
    while (await connection.execute(statement)).rowcount:
        pass
