"""The records of a kind, to make, change, show and delete; a page of them has the declared first, then the newest."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Generic

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from modelward.contract import Catalog, Customer, Key, Team, User
from modelward.errors import Conflict, NotFound
from modelward.store import tables
from modelward.store.database import Database, can_be_kept, upsert
from modelward.store.tables import EXISTS, S, SubjectKind, customers, keys, members, teams, users


class _Items(sa.FunctionElement[Any]):
    """The items of a list, one a row, in a column `value`."""

    inherit_cache = True


@compiles(_Items)
def _compile(items: _Items, compiler: SQLCompiler, **options: Any) -> str:
    function = "json_each" if compiler.dialect.name == "sqlite" else "json_array_elements_text"
    return f"{function}({compiler.process(items.clauses, **options)})"


def holds(lists: sa.Column[Any], item: str) -> sa.ColumnElement[bool]:
    """Whether a list holds that item."""
    items = _Items(lists).table_valued(sa.column("value", sa.String))
    return sa.select(items.c.value).where(items.c.value == item).correlate(lists.table).exists()


async def replace_in_lists(connection: AsyncConnection, column: sa.Column[Any], old: str, new: str | None) -> None:
    """In every list of `column`, put `new` in the place of `old`, or nothing if it is `None`."""
    (row_id,) = column.table.primary_key
    # A list that holds it has the item's own text in its text, as JSON writes it in ASCII or without.
    spelled = sorted({json.dumps(old), json.dumps(old, ensure_ascii=False)})
    may_hold = sa.or_(*(sa.cast(column, sa.String).contains(each, autoescape=True) for each in spelled))
    query = sa.select(row_id, column).where(may_hold).order_by(row_id).with_for_update()
    for found_id, items in (await connection.execute(query)).all():
        kept = [new if item == old else item for item in items if item != old or new is not None]
        await connection.execute(sa.update(column.table).where(row_id == found_id).values({column.name: kept}))


@dataclass(frozen=True)
class Filter(Generic[S]):
    """Which subjects are asked for; `None` leaves all. A field with the name of a column must be equal to it."""

    TABLE: ClassVar[sa.Table]

    def matches(self, subject: S, catalog: Catalog) -> bool:
        """Whether a declared subject is asked for."""
        return all(getattr(subject, name) == wanted for name, wanted in self._equal())

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same of a stored one, in SQL."""
        return [self.TABLE.c[name] == wanted for name, wanted in self._equal()]

    def _equal(self) -> list[tuple[str, str]]:
        named = [(field.name, getattr(self, field.name)) for field in fields(self) if field.name in self.TABLE.c]
        return [(name, wanted) for name, wanted in named if wanted is not None]


@dataclass(frozen=True)
class KeyFilter(Filter[Key]):
    """Keys; `token` is the hash of one."""

    TABLE = keys

    team_id: str | None = None
    user_id: str | None = None
    key_alias: str | None = None
    token: str | None = None
    organization_id: str | None = None
    project_id: str | None = None


@dataclass(frozen=True)
class TeamFilter(Filter[Team]):
    """Teams; `user_id` is a member of the team."""

    TABLE = teams

    organization_id: str | None = None
    user_id: str | None = None

    def matches(self, subject: Team, catalog: Catalog) -> bool:
        """Whether a declared team is asked for."""
        members_declared = catalog.declared_members.get(subject.team_id, {})
        return super().matches(subject, catalog) and (self.user_id is None or self.user_id in members_declared)

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same in SQL."""
        if self.user_id is None:
            return super().conditions()
        of_member = sa.select(members.c.team_id).where(members.c.user_id == self.user_id)
        return [*super().conditions(), teams.c.team_id.in_(of_member)]


@dataclass(frozen=True)
class UserFilter(Filter[User]):
    """Users; `team` is one of the user's teams, `email_part` a part of the address, `search` one of the id or the
    address, in any case (SQLite: of ASCII letters)."""

    TABLE = users

    user_role: str | None = None
    team: str | None = None
    user_ids: tuple[str, ...] | None = None
    email_part: str | None = None
    search: str | None = None

    def matches(self, subject: User, catalog: Catalog) -> bool:
        """Whether a declared user is asked for."""
        return (
            super().matches(subject, catalog)
            and (self.team is None or self.team in subject.teams)
            and (self.user_ids is None or subject.user_id in self.user_ids)
            and _in_any(self.email_part, subject.user_email)
            and _in_any(self.search, subject.user_id, subject.user_email)
        )

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same in SQL."""
        found = super().conditions()
        if self.team is not None:
            found.append(holds(users.c.teams, self.team))
        if self.user_ids is not None:
            found.append(users.c.user_id.in_(self.user_ids))
        if self.email_part:
            found.append(users.c.user_email.icontains(self.email_part, autoescape=True))
        if self.search:
            columns = (users.c.user_id, users.c.user_email)
            found.append(sa.or_(*(each.icontains(self.search, autoescape=True) for each in columns)))
        return found


def _in_any(part: str | None, *texts: str | None) -> bool:
    return not part or any(part.lower() in text.lower() for text in texts if text)


class RecordTable(Generic[S]):
    """The records of one kind. Every method raises StoreUnavailable; a change raises Conflict for what the config file
    declares."""

    def __init__(self, database: Database, declared: Callable[[], Catalog], kind: SubjectKind[S]) -> None:
        self._database = database
        self._declared = declared
        self._kind = kind

    async def add(self, new: S) -> S:
        """Store a new record, and give it as stored, with an owner for its objects. Raises Conflict, of the kind's
        own status if its id, or what else is unique, is taken."""
        new = self._kind.owning(new)
        self._refuse_declared(self._kind.id_of(new))
        async with self._database.write() as connection:
            await self._write(connection, sa.insert(self._kind.table), new)
            await self._added(connection, new)
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
            await self._write(connection, sa.update(self._kind.table).where(self._kind.id == record_id), edited, before)
            await self._renamed(connection, before, edited)
        return edited

    async def remove(self, record_ids: Sequence[str]) -> list[S]:
        """Delete all of these records with what depends on them, or none: raises NotFound if one is missing."""
        for record_id in record_ids:
            self._refuse_declared(record_id)
        kind = self._kind
        async with self._database.write() as connection:
            rows = await connection.execute(sa.delete(kind.table).where(kind.id.in_(record_ids)).returning(kind.table))
            removed = [kind.read(row) for row in rows]
            missing = set(record_ids) - set(map(kind.id_of, removed))
            if missing:
                raise NotFound(f"no {kind.word} `{min(missing)}`: none was deleted; see `{kind.listed}`")
            await self._removed(connection, record_ids)
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
            hidden: sa.BindParameter[Any] = sa.bindparam("hidden", ids, expanding=True, literal_execute=True)
            conditions.append(kind.id.not_in(hidden))
        query = sa.select(kind.table).where(*conditions)
        query = query.order_by(kind.table.c.created_at.desc().nulls_last(), kind.id)
        query = query.offset(max(0, offset - len(declared))).limit(None if limit is None else limit - len(shown))
        async with self._database.read() as connection:
            total = await connection.scalar(sa.select(sa.func.count()).select_from(kind.table).where(*conditions))
            stored = [kind.read(row) for row in await connection.execute(query)]
        return shown + stored, len(declared) + (total or 0)

    async def _one(self, connection: AsyncConnection, record_id: str, *, for_update: bool = False) -> S:
        query = sa.select(self._kind.table).where(self._kind.id == record_id)
        row = (await connection.execute(query.with_for_update() if for_update else query)).one_or_none()
        if row is None:
            raise NotFound(self._missing(record_id))
        return self._kind.read(row)

    async def _write(
        self, connection: AsyncConnection, statement: sa.Insert | sa.Update, written: S, before: S | None = None
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

    async def _added(self, connection: AsyncConnection, new: S) -> None:
        """What else comes with a new record, in the same transaction."""

    async def _renamed(self, connection: AsyncConnection, before: S, edited: S) -> None:
        """What a change of the id changes elsewhere."""

    async def _removed(self, connection: AsyncConnection, record_ids: Sequence[str]) -> None:
        """What else goes with these records."""

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._kind.declared(self._declared()):
            raise Conflict(f"the {self._kind.word} `{record_id}` is declared in the config file: change it there")


class KeyTable(RecordTable[Key]):
    """Virtual keys, whose id is the hash, which no message repeats. Every method raises as those of RecordTable do.
    `change` may change the hash: mappings and access groups then name the key anew. A mapping to a key that is removed
    stays, so that its tokens are refused, and not judged by other rules (R9)."""

    async def hashes_of(self, aliases: Sequence[str]) -> list[str]:
        """The hashes of the keys with these aliases. Raises NotFound if one is missing."""
        found = {key.key_alias: key.token for key in self._declared().declared_keys.values()}
        query = sa.select(keys.c.key_alias, keys.c.token).where(keys.c.key_alias.in_(aliases))
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
        same = sa.or_(keys.c.token == written.token, *([] if alias is None else [keys.c.key_alias == alias]))
        taken = set(await connection.scalars(sa.select(keys.c.token).where(same, keys.c.token != besides)))
        if written.token in taken:
            raise Conflict("this key exists already: choose another", status=EXISTS)
        declared = [each.key_alias for each in self._declared().declared_keys.values()]
        if taken or (alias is not None and alias in declared):
            raise Conflict(f"a key with the alias `{alias}` exists already: choose another", status=EXISTS)

    async def _renamed(self, connection: AsyncConnection, before: Key, edited: Key) -> None:
        old, new = before.token, edited.token
        if new != old:
            await connection.execute(
                sa.update(tables.key_mappings).where(tables.key_mappings.c.token == old).values(token=new)
            )
            await replace_in_lists(connection, tables.access_groups.c.assigned_key_ids, old, new)

    def _refuse_declared(self, record_id: str) -> None:
        if record_id in self._declared().declared_keys:
            raise Conflict("the key is declared in the config file: change it there")


class CustomerTable(RecordTable[Customer]):
    """The records. Every method raises as those of RecordTable do."""

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
                    await connection.execute(statement, [self._kind.values(each) for each in new])
            else:
                query = sa.select(customers.c.user_id).where(these).order_by(customers.c.user_id).with_for_update()
                missing = set(ids) - set(await connection.scalars(query))
                if missing:
                    message = f"no customer `{min(missing)}`: none was changed; see `{self._kind.listed}`"
                    raise NotFound(message)
                await connection.execute(sa.update(customers).where(these).values(blocked=False, updated_at=now))
            rows = await connection.execute(sa.select(customers).where(these))
            found = {each.user_id: each for each in map(self._kind.read, rows)}
        return [found[user_id] for user_id in dict.fromkeys(user_ids)]
