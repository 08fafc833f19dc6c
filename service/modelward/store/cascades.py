"""What goes with a team, and with a user, and what comes with one."""

from collections.abc import Sequence

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.store.json_lists import replace_in_lists
from modelward.store.object_rows import owner_column
from modelward.store.records import UserRecord
from modelward.store.records.new_owner import new_owner
from modelward.store.tables import keys, members, objects, users

_AT_ONCE = 500


async def remove_with_teams(connection: AsyncConnection, team_ids: Sequence[str]) -> None:
    """Its keys and its members go, and no user belongs to it any more."""
    for team_id in team_ids:
        await replace_in_lists(connection, users.c.teams, team_id, None)
    await connection.execute(delete(members).where(members.c.team_id.in_(team_ids)))
    await connection.execute(delete(keys).where(keys.c.team_id.in_(team_ids)))


async def remove_with_users(connection: AsyncConnection, user_ids: Sequence[str]) -> None:
    """Its keys and its memberships go, and what was made under the id alone is nobody's like all that it made."""
    await connection.execute(delete(members).where(members.c.user_id.in_(user_ids)))
    await connection.execute(delete(keys).where(keys.c.user_id.in_(user_ids)))
    for user_id in user_ids:
        await _give(connection, user_id, new_owner("user"))


async def take_over(connection: AsyncConnection, user: UserRecord) -> None:
    """A user who gets a record keeps what was made under the id alone."""
    if user.objects_owner is not None:
        await _give(connection, user.user_id, user.objects_owner)


async def _give(connection: AsyncConnection, user_id: str, owner: str) -> None:
    """What was made under a user's id alone gets another owner, five hundred objects with each statement."""
    of_the_id = objects.c.owner == owner_column(f"user:{user_id}")
    some = select(*objects.primary_key).where(of_the_id).limit(_AT_ONCE)
    statement = update(objects).where(tuple_(*objects.primary_key).in_(some)).values(owner=owner)
    while (await connection.execute(statement)).rowcount:
        pass
