"""Subjects by id: what the config file declares comes first, and what has no record is absent."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from modelward.contract import Catalog, Member
from modelward.store.database import Database
from modelward.store.kinds import MEMBERS, S, SubjectKind, as_rules_see
from modelward.store.tables import members

AT_ONCE = 1_000
"""As many ids does one query name."""


async def read_subjects(
    database: Database, catalog: Catalog, kind: SubjectKind[S], ids: Iterable[str | None]
) -> dict[str, S]:
    """The subjects of these ids, keyed by id, with one query for each thousand at most. Raises StoreUnavailable."""
    wanted = sorted({each for each in ids if each is not None and can_be_id(each)})
    declared = kind.declared(catalog)
    found = {each: declared[each] for each in wanted if each in declared}
    stored = [each for each in wanted if each not in declared]
    for start in range(0, len(stored), AT_ONCE):
        these = kind.id.in_(stored[start : start + AT_ONCE])
        async with database.read() as connection:
            for row in await connection.execute(select(kind.table).where(these)):
                read = as_rules_see(kind.read(row))
                found[kind.id_of(read)] = read
    return found


async def read_members(
    database: Database, catalog: Catalog, team_ids: Collection[str], user_ids: Collection[str]
) -> list[Member]:
    """The memberships of these users in these teams, sorted, with one query at most. Raises StoreUnavailable."""
    pairs = {(team_id, user_id) for team_id in team_ids for user_id in user_ids}
    declared = catalog.declared_members
    found = {pair: declared[pair[0]][pair[1]] for pair in pairs if pair[1] in declared.get(pair[0], {})}
    stored = pairs - found.keys()
    if stored:
        of_these = (
            members.c.team_id.in_(sorted({pair[0] for pair in stored})),
            members.c.user_id.in_(sorted(user_ids)),
        )
        async with database.read() as connection:
            for row in await connection.execute(select(members).where(*of_these)):
                read = MEMBERS.read(row)
                found.setdefault((read.team_id, read.user_id), read)
    return [found[pair] for pair in sorted(found)]


def can_be_id(text: str) -> bool:
    """Whether a record may have that id: none has one with NUL or a lone surrogate, which a database cannot keep."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
