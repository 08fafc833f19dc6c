"""The records of a kind, to make, change, show and delete; a page of them has the declared first, then the newest."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic

from sqlalchemy import BindParameter, Insert, Update, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import Catalog, Customer, Key
from modelward.errors import Conflict, NotFound
from modelward.store.database import Database, can_be_kept, upsert
from modelward.store.filters import Filter, replace_in_lists
from modelward.store.kinds import CUSTOMERS, EXISTS, KEYS, S, SubjectKind
from modelward.store.tables import access_groups, customers, key_mappings, keys

Cascade = Callable[[AsyncConnection, Sequence[str]], Awaitable[None]]
"""What else goes with the records of these ids, in the same transaction."""

Arrival = Callable[[AsyncConnection, S], Awaitable[None]]
"""What else comes with a new record, in the same transaction."""


async def _nothing_else(_: AsyncConnection, __: object) -> None:
    return


class RecordTable(Generic[S]):
    """The records of one kind. Every method raises StoreUnavailable; a change raises Conflict for what the config file
    declares."""

    def __init__(
        self,
        database: Database,
        declared: Callable[[], Catalog],
        kind: SubjectKind[S],
        cascade: Cascade = _nothing_else,
        arrival: Arrival[S] = _nothing_else,
    ) -> None:
        self._database = database
        self._declared = declared
        self._kind = kind
        self._cascade = cascade
        self._arrival = arrival

    async def add(self, new: S) -> S:
        """Store a new record, and give it as stored, with an owner for its objects. Raises Conflict, of the kind's
        own status if its id, or what else is unique, is taken."""
        new = self._kind.owning(new)
        self._refuse_declared(self._kind.id_of(new))
        async with self._database.write() as connection:
            await self._write(connection, insert(self._kind.table), new)
            await self._arrival(connection, new)
        return new

    async def get(self, record_id: str) -> S:
        """The record of that id. Raises NotFound."""
        declared = self._kind.declared(self._declared()).get(record_id)
        if declared is not None:
            return self._kind.shown(declared)
        async with self._database.read() as connection:
            return await self._one(connection, record_id)

    async def change(self, record_id: str, edit: Callable[[S], S]) -> S:
        """Replace a record by what `edit` makes of it. Raises NotFound, and Conflict as `add` does."""
        self._refuse_declared(record_id)
        async with self._database.write() as connection:
            before = await self._one(connection, record_id, for_update=True)
            edited = edit(before)
            await self._write(connection, update(self._kind.table).where(self._kind.id == record_id), edited, before)
            await self._renamed(connection, before, edited)
        return edited

    async def remove(self, record_ids: Sequence[str]) -> list[S]:
        """Delete all of these records with what depends on them, or none: raises NotFound if one is missing."""
        for record_id in record_ids:
            self._refuse_declared(record_id)
        kind = self._kind
        async with self._database.write() as connection:
            rows = await connection.execute(delete(kind.table).where(kind.id.in_(record_ids)).returning(kind.table))
            removed = [kind.read(row) for row in rows]
            missing = set(record_ids) - set(map(kind.id_of, removed))
            if missing:
                raise NotFound(f"no {kind.word} `{min(missing)}`: none was deleted; see `{kind.listed}`")
            await self._cascade(connection, record_ids)
        return removed

    async def all(self) -> list[S]:
        """Every record, the declared first, then the newest."""
        return (await self.page(offset=0))[0]

    async def page(
        self, wanted: Filter[S] | None = None, *, offset: int, limit: int | None = None
    ) -> tuple[list[S], int]:
        """Some of the records asked for, the declared first, then the newest, and how many there are in all. A stored
        record whose id is declared too is not shown."""
        kind, catalog = self._kind, self._declared()
        everyone = kind.declared(catalog)
        declared = [each for each in everyone.values() if wanted is None or wanted.matches(each, catalog)]
        shown = [kind.shown(each) for each in declared[offset : None if limit is None else offset + limit]]
        conditions = [] if wanted is None else wanted.conditions()
        if ids := [each for each in everyone if can_be_kept(each)]:
            # Written out in the statement: a database takes so many parameters only, and a config may declare more.
            hidden: BindParameter[Any] = bindparam("hidden", ids, expanding=True, literal_execute=True)
            conditions.append(kind.id.not_in(hidden))
        query = select(kind.table).where(*conditions)
        query = query.order_by(kind.table.c.created_at.desc().nulls_last(), kind.id)
        query = query.offset(max(0, offset - len(declared))).limit(None if limit is None else limit - len(shown))
        async with self._database.read() as connection:
            total = await connection.scalar(select(func.count()).select_from(kind.table).where(*conditions))
            stored = [kind.read(row) for row in await connection.execute(query)]
        return shown + stored, len(declared) + (total or 0)

    async def _one(self, connection: AsyncConnection, record_id: str, *, for_update: bool = False) -> S:
        query = select(self._kind.table).where(self._kind.id == record_id)
        row = (await connection.execute(query.with_for_update() if for_update else query)).one_or_none()
        if row is None:
            raise NotFound(self._missing(record_id))
        return self._kind.read(row)

    async def _write(
        self, connection: AsyncConnection, statement: Insert | Update, written: S, before: S | None = None
    ) -> None:
        await self._refuse_taken(connection, written, before)
        try:
            await connection.execute(statement.values(self._kind.values(written)))
        except IntegrityError:  # two writers at once: the second finds the place taken only here
            raise self._taken(written, *(self._kind.unique or ((self._kind.id.name,),))) from None

    def _missing(self, record_id: str) -> str:
        return f"no {self._kind.word} `{record_id}`; see `{self._kind.listed}`"

    def _taken(self, written: S, *unique: tuple[str, ...]) -> Conflict:
        each = (" and ".join(f"`{name}` `{getattr(written, name)}`" for name in names) for names in unique)
        message = f"{' or '.join(each)} exists already among the {self._kind.word}s: choose another"
        return Conflict(message, status=self._kind.taken)

    async def _refuse_taken(self, connection: AsyncConnection, written: S, before: S | None = None) -> None:
        """Raises Conflict for what a declared record has alone; a record may keep what it had before."""
        declared = self._kind.declared(self._declared()).values()
        for names in self._kind.unique:
            of = attrgetter(*names)
            kept = before is not None and of(before) == of(written)
            if not kept and of(written) is not None and of(written) in map(of, declared):
                raise self._taken(written, names)

    async def _renamed(self, connection: AsyncConnection, before: S, edited: S) -> None:
        """What a change of the id changes elsewhere."""

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._kind.declared(self._declared()):
            raise Conflict(f"the {self._kind.word} `{record_id}` is declared in the config file: change it there")


class KeyTable(RecordTable[Key]):
    """Virtual keys, whose id is the hash, which no message repeats. Every method raises as those of RecordTable do.

    `change` may change the hash: mappings and access groups then name the key anew. A mapping to a key that is removed
    stays, so that its tokens are refused, and not judged by other rules (R9).
    """

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        super().__init__(database, declared, KEYS)

    async def hashes_of(self, aliases: Sequence[str]) -> list[str]:
        """The hashes of the keys with these aliases. Raises NotFound if one is missing."""
        found = {key.key_alias: key.token for key in self._declared().declared_keys.values()}
        query = select(keys.c.key_alias, keys.c.token).where(keys.c.key_alias.in_(aliases))
        found.update(await self._database.all(query, tuple))
        for alias in aliases:
            if alias not in found:
                raise NotFound(f"no key with the alias `{alias}`; see `/key/list`")
        return [found[alias] for alias in aliases]

    def _missing(self, record_id: str) -> str:
        return "no such key; see `/key/list`"

    def _taken(self, written: Key, *unique: tuple[str, ...]) -> Conflict:
        return Conflict("a key with this value or alias exists already: choose another", status=EXISTS)

    async def _refuse_taken(self, connection: AsyncConnection, written: Key, before: Key | None = None) -> None:
        self._refuse_declared(written.token)
        alias, besides = written.key_alias, before.token if before else ""
        same = or_(keys.c.token == written.token, *([] if alias is None else [keys.c.key_alias == alias]))
        taken = set(await connection.scalars(select(keys.c.token).where(same, keys.c.token != besides)))
        if written.token in taken:
            raise Conflict("this key exists already: choose another", status=EXISTS)
        declared = [each.key_alias for each in self._declared().declared_keys.values()]
        if taken or (alias is not None and alias in declared):
            raise Conflict(f"a key with the alias `{alias}` exists already: choose another", status=EXISTS)

    async def _renamed(self, connection: AsyncConnection, before: Key, edited: Key) -> None:
        old, new = before.token, edited.token
        if new != old:
            await connection.execute(update(key_mappings).where(key_mappings.c.token == old).values(token=new))
            await replace_in_lists(connection, access_groups.c.assigned_key_ids, old, new)

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._declared().declared_keys:
            raise Conflict("the key is declared in the config file: change it there")


class CustomerTable(RecordTable[Customer]):
    """The records. Every method raises as those of RecordTable do."""

    def __init__(self, database: Database, declared: Callable[[], Catalog]) -> None:
        super().__init__(database, declared, CUSTOMERS)

    async def set_blocked(self, user_ids: Sequence[str], blocked: bool, *, now: datetime) -> list[Customer]:
        """Block or unblock all of these customers, or none, and give their records, each once, in the order named. One
        without a record gets one to be blocked by; to be unblocked it must have one: raises NotFound. Raises Conflict
        for one that the config file declares."""
        for user_id in user_ids:
            self._refuse_declared(user_id)
        ids = sorted(set(user_ids))  # so that two changes never wait for each other
        these = customers.c.user_id.in_(ids)
        async with self._database.write() as connection:
            if blocked:
                new = [Customer(user_id=each, blocked=True, created_at=now, updated_at=now) for each in ids]
                if new:
                    statement = upsert(connection, customers, "blocked", "updated_at")
                    await connection.execute(statement, [CUSTOMERS.values(each) for each in new])
            else:
                query = select(customers.c.user_id).where(these).order_by(customers.c.user_id).with_for_update()
                missing = set(ids) - set(await connection.scalars(query))
                if missing:
                    message = f"no customer `{min(missing)}`: none was changed; see `{CUSTOMERS.listed}`"
                    raise NotFound(message)
                await connection.execute(update(customers).where(these).values(blocked=False, updated_at=now))
            rows = await connection.execute(select(customers).where(these))
            found = {each.user_id: each for each in map(CUSTOMERS.read, rows)}
        return [found[user_id] for user_id in dict.fromkeys(user_ids)]
