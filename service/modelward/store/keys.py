"""The records of virtual keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database
from modelward.store.filters import replace_in_lists
from modelward.store.kinds import EXISTS, record, values
from modelward.store.record_table import read_page
from modelward.store.records import KeyRecord
from modelward.store.tables import access_groups, key_mappings, keys


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """Which keys are asked for; what is `None` leaves all."""

    team_id: str | None = None
    user_id: str | None = None
    key_alias: str | None = None
    hash: str | None = None
    organization_id: str | None = None
    project_id: str | None = None

    def matches(self, key: KeyRecord) -> bool:
        """Whether a record is asked for."""
        return all(getattr(key, name) == wanted for name, wanted in self._wanted())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        return [keys.c[name] == wanted for name, wanted in self._wanted()]

    def _wanted(self) -> list[tuple[str, str]]:
        named = {name: getattr(self, name) for name in self.__slots__}
        return [(name, wanted) for name, wanted in named.items() if wanted is not None]


class KeyTable:
    """Every method raises StoreUnavailable; a change raises Conflict for what the config file declares."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        self._database = database
        self._declared = declared

    async def add(self, key: KeyRecord) -> None:
        """Store a new key. Raises Conflict if its hash or alias is taken."""
        self._refuse_declared(key.hash)
        async with self._database.write() as connection:
            await self._refuse_taken(connection, key)
            await _execute(connection, insert(keys).values(values(key)))

    async def get(self, key_hash: str) -> KeyRecord:
        """The key of that hash. Raises NotFound."""
        if declared := self._declared().declared_keys.get(key_hash):
            return KeyRecord.of(declared)
        async with self._database.read() as connection:
            return await _one(connection, select(keys).where(keys.c.hash == key_hash))

    async def change(self, key_hash: str, edit: Callable[[KeyRecord], KeyRecord]) -> KeyRecord:
        """Replace a key by what `edit` makes of it, also its hash, which mappings and access groups then name anew.
        Raises NotFound, and Conflict as `add` does."""
        self._refuse_declared(key_hash)
        this = keys.c.hash == key_hash
        async with self._database.write() as connection:
            edited = edit(await _one(connection, select(keys).where(this).with_for_update()))
            self._refuse_declared(edited.hash)
            await self._refuse_taken(connection, edited, besides=key_hash)
            await _execute(connection, update(keys).where(this).values(values(edited)))
            if edited.hash != key_hash:
                await _rename(connection, key_hash, edited.hash)
        return edited

    async def remove(self, hashes: Sequence[str]) -> list[KeyRecord]:
        """Delete all of these keys, or none: raises NotFound if one is missing. A mapping to such a key stays, so that
        its tokens are refused, and not judged by other rules (R9)."""
        for key_hash in hashes:
            self._refuse_declared(key_hash)
        async with self._database.write() as connection:
            rows = await connection.execute(delete(keys).where(keys.c.hash.in_(hashes)).returning(keys))
            removed = [record(KeyRecord, keys, row) for row in rows]
            missing = set(hashes) - {key.hash for key in removed}
            if missing:
                raise NotFound(f"no key `{min(missing)}`: none was deleted; see `/key/list`")
        return removed

    async def hashes_of(self, aliases: Sequence[str]) -> list[str]:
        """The hashes of the keys with these aliases. Raises NotFound if one is missing."""
        found = {key.alias: key.hash for key in self._declared().declared_keys.values()}
        async with self._database.read() as connection:
            rows = await connection.execute(select(keys.c.key_alias, keys.c.hash).where(keys.c.key_alias.in_(aliases)))
            found.update({row.key_alias: row.hash for row in rows})
        for alias in aliases:
            if alias not in found:
                raise NotFound(f"no key with the alias `{alias}`; see `/key/list`")
        return [found[alias] for alias in aliases]

    async def page(self, wanted: KeyFilter, *, offset: int, limit: int | None = None) -> tuple[list[KeyRecord], int]:
        """Some of the keys asked for, the declared first, then the newest, and how many there are in all."""
        declared = self._declared().declared_keys
        records = [KeyRecord.of(key) for key in declared.values()]
        return await read_page(
            self._database,
            keys,
            KeyRecord,
            declared=[key for key in records if wanted.matches(key)],
            hidden=declared,
            conditions=wanted.conditions(),
            offset=offset,
            limit=limit,
        )

    def _refuse_declared(self, key_hash: str) -> None:
        if key_hash in self._declared().declared_keys:
            raise Conflict("the key is declared in the config file: change it there")

    async def _refuse_taken(self, connection: AsyncConnection, key: KeyRecord, besides: str = "") -> None:
        same = keys.c.hash == key.hash
        if key.key_alias is not None:
            same = or_(same, keys.c.key_alias == key.key_alias)
        taken = set(await connection.scalars(select(keys.c.hash).where(same, keys.c.hash != besides)))
        if key.hash in taken:
            raise Conflict("this key exists already: choose another", status=EXISTS)
        declared = [each.alias for each in self._declared().declared_keys.values()]
        if taken or (key.key_alias is not None and key.key_alias in declared):
            raise Conflict(f"a key with the alias `{key.key_alias}` exists already: choose another", status=EXISTS)


async def _one(connection: AsyncConnection, query: Select[Any]) -> KeyRecord:
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotFound("no such key; see `/key/list`")
    return record(KeyRecord, keys, row)


async def _execute(connection: AsyncConnection, statement: Any) -> None:
    """Two writers at once: the second finds the place taken only here."""
    try:
        await connection.execute(statement)
    except IntegrityError:
        raise Conflict("a key with this value or alias exists already: choose another", status=EXISTS) from None


async def _rename(connection: AsyncConnection, old: str, new: str) -> None:
    await connection.execute(update(key_mappings).where(key_mappings.c.key_hash == old).values(key_hash=new))
    await replace_in_lists(connection, access_groups.c.assigned_key_ids, old, new)
