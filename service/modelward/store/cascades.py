"""What goes with a team, and with a user."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.store.json_lists import replace_in_lists
from modelward.store.tables import keys, members, users


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
