"""The records of users."""

from collections.abc import Callable

from sqlalchemy import delete, insert, select

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.records import UserRecord
from modelward.store.rows import record, values
from modelward.store.tables import users


class UserTable:
    """Every method raises StoreUnavailable; a change raises Conflict for what the config file declares."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        self._database = database
        self._declared = declared

    async def put(self, user: UserRecord) -> None:
        """Store a user, in the place of one with the same id."""
        if user.user_id in self._declared().declared_users:
            raise Conflict(f"the user `{user.user_id}` is declared in the config file: change it there")
        async with self._database.write() as connection:
            await connection.execute(delete(users).where(users.c.user_id == user.user_id))
            await connection.execute(insert(users).values(values(user)))

    async def get(self, user_id: str) -> UserRecord:
        """The user of that id. Raises NotFound."""
        if declared := self._declared().declared_users.get(user_id):
            return UserRecord.of(declared)
        async with self._database.read() as connection:
            row = (await connection.execute(select(users).where(users.c.user_id == user_id))).one_or_none()
        if row is None:
            raise NotFound(f"no user `{user_id}`")
        return record(UserRecord, users, row)
