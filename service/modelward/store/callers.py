"""A key hash, looked up: the key with every record that a rule may need."""

from typing import Any

from sqlalchemy import Row, and_, select

from modelward.contract import Caller, Catalog, Key, Member, Team, User
from modelward.store.database import Database
from modelward.store.kinds import ACCESS_GROUPS, ORGANIZATIONS, PROJECTS, TEAMS, USERS, Kind, R, S
from modelward.store.lookups import read_members, read_subjects
from modelward.store.records import KeyRecord, MemberRecord
from modelward.store.rows import record
from modelward.store.tables import keys, members, teams, users

_QUERY = select(keys, teams, users, members).select_from(
    keys.outerjoin(teams, teams.c.team_id == keys.c.team_id)
    .outerjoin(users, users.c.user_id == keys.c.user_id)
    .outerjoin(members, and_(members.c.team_id == keys.c.team_id, members.c.user_id == keys.c.user_id))
)


async def read_caller(database: Database, catalog: Catalog, key_hash: str) -> Caller | None:
    """The caller with that key, `None` if nobody has it. What the config file declares comes first; what has no record
    stays absent (L8).

    One query finds a stored key with its team, its user and the membership; where these name other records, each kind
    takes one more. Raises StoreUnavailable.
    """
    declared = catalog.declared_keys.get(key_hash)
    if declared is not None:
        return await _widened(database, catalog, await _of_declared(database, catalog, declared))
    async with database.read() as connection:
        row = (await connection.execute(_QUERY.where(keys.c.hash == key_hash))).one_or_none()
        caller = None if row is None else _of_row(catalog, row)
    return None if caller is None else await _widened(database, catalog, caller)


async def _of_declared(database: Database, catalog: Catalog, key: Key) -> Caller:
    team_id, user_id = key.team_id, key.user_id
    found_teams = await read_subjects(database, catalog, TEAMS, [team_id])
    found_users = await read_subjects(database, catalog, USERS, [user_id])
    found_members: list[Member] = []
    if team_id is not None and user_id is not None:
        found_members = await read_members(database, catalog, [team_id], [user_id])
    return Caller(
        kind="key",
        key=key,
        team=found_teams.get(team_id or ""),
        member=found_members[0] if found_members else None,
        user=found_users.get(user_id or ""),
    )


def _of_row(catalog: Catalog, row: Row[Any]) -> Caller:
    key = record(KeyRecord, keys, row).subject()
    team = _joined(catalog, TEAMS, key.team_id, row)
    user = _joined(catalog, USERS, key.user_id, row)
    return Caller(kind="key", key=key, team=team, user=user, member=_joined_member(catalog, key, row))


def _joined(catalog: Catalog, kind: Kind[R, S], wanted: str | None, row: Row[Any]) -> S | None:
    declared = kind.declared(catalog)
    if wanted is not None and wanted in declared:
        return declared[wanted]
    return None if row._mapping[kind.id] is None else kind.subject(record(kind.record, kind.table, row))


def _joined_member(catalog: Catalog, key: Key, row: Row[Any]) -> Member | None:
    declared = catalog.declared_members.get(key.team_id or "", {}).get(key.user_id or "")
    if declared is not None or row._mapping[members.c.team_id] is None:
        return declared
    return record(MemberRecord, members, row).subject()


async def _widened(database: Database, catalog: Catalog, caller: Caller) -> Caller:
    """The caller with the records that its key, team and user name."""
    key = caller.key
    if key is None:
        return caller
    projects = await read_subjects(database, catalog, PROJECTS, [key.project_id])
    owner_teams = await _owner_teams(database, catalog, key, caller.user)
    all_teams = [team for team in (caller.team, *owner_teams) if team is not None]
    named = [key.organization_id, caller.team.organization_id if caller.team else None]
    groups = [*key.access_group_ids, *(each for team in all_teams for each in team.access_group_ids)]
    update = {
        "project": projects.get(key.project_id or ""),
        "owner_teams": owner_teams,
        "organizations": await read_subjects(database, catalog, ORGANIZATIONS, named),
        "access_groups": await read_subjects(database, catalog, ACCESS_GROUPS, groups),
    }
    return caller.model_copy(update=update)


async def _owner_teams(database: Database, catalog: Catalog, key: Key, owner: User | None) -> list[Team]:
    """The teams of the owner of a personal key, where the config lets such keys take models from them (L11)."""
    if owner is None or key.team_id is not None or not catalog.settings.personal_keys_from_teams:
        return []
    found = await read_subjects(database, catalog, TEAMS, owner.teams)
    return [found[team_id] for team_id in sorted(found)]
