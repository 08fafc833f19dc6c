"""A key hash, looked up: the key with every record that a rule may need."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, select

from modelward.contract import Caller, Catalog, Customer, Key, Member, Team, Token, TokenRecords, User
from modelward.errors import Unidentified
from modelward.store.cache import LookupCache, SharedLookups
from modelward.store.database import Database
from modelward.store.kinds import (
    ACCESS_GROUPS,
    CUSTOMERS,
    KEYS,
    MEMBERS,
    ORGANIZATIONS,
    PROJECTS,
    TEAMS,
    USERS,
    S,
    SubjectKind,
    as_rules_see,
)
from modelward.store.lookups import can_be_id, read_members, read_subjects
from modelward.store.tables import key_mappings, keys, members, teams, users
from modelward.store.trust import Trust

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
        row = (await connection.execute(_QUERY.where(keys.c.token == key_hash))).one_or_none()
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
    key = as_rules_see(KEYS.read(row))
    team = _joined(catalog, TEAMS, key.team_id, row)
    user = _joined(catalog, USERS, key.user_id, row)
    return Caller(kind="key", key=key, team=team, user=user, member=_joined_member(catalog, key, row))


def _joined(catalog: Catalog, kind: SubjectKind[S], wanted: str | None, row: Row[Any]) -> S | None:
    declared = kind.declared(catalog)
    if wanted is not None and wanted in declared:
        return declared[wanted]
    return None if row._mapping[kind.id] is None else as_rules_see(kind.read(row))


def _joined_member(catalog: Catalog, key: Key, row: Row[Any]) -> Member | None:
    declared = catalog.declared_members.get(key.team_id or "", {}).get(key.user_id or "")
    if declared is not None or row._mapping[members.c.team_id] is None:
        return declared
    return MEMBERS.read(row)


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


MOST_TEAMS = 200
"""As many teams may a token claim: every one is looked up, and weighed by the rules."""


async def read_token_caller(database: Database, catalog: Catalog, token: Token) -> Caller:
    """The caller with that token, and the records it may stand for, with one query for each kind, and one more for an
    alias. Raises Unidentified if it claims too many teams, and StoreUnavailable."""
    if len(token.team_ids) > MOST_TEAMS:
        raise Unidentified(f"the token claims more than {MOST_TEAMS} teams: have its issuer name those needed here")
    named = [token.user_id, token.object_id, token.email]
    users = await read_subjects(database, catalog, USERS, named)
    of_alias = await _teams_of_alias(database, catalog, token.team_alias)
    claimed = {token.team_id, token.team_id_default, token.chosen_team_id, token.object_id, *token.team_ids}
    claimed.update(team_id for user in users.values() for team_id in user.teams)
    found = await read_subjects(database, catalog, TEAMS, claimed - of_alias.keys()) | of_alias
    organizations = [token.organization_id, *(team.organization_id for team in found.values())]
    return Caller(
        kind="jwt",
        token=token,
        organizations=await read_subjects(database, catalog, ORGANIZATIONS, organizations),
        access_groups=await read_subjects(database, catalog, ACCESS_GROUPS, _group_ids(found.values())),
        records=TokenRecords(
            teams=found,
            teams_of_alias=sorted(of_alias),
            users=users,
            # A scope in a team binds its user with a record or without (L3).
            members=await read_members(database, catalog, found, {each for each in named if each and can_be_id(each)}),
        ),
    )


async def _teams_of_alias(database: Database, catalog: Catalog, alias: str | None) -> dict[str, Team]:
    """The teams that have an alias, keyed by id."""
    if alias is None or not can_be_id(alias):
        return {}
    found = {team_id: team for team_id, team in catalog.declared_teams.items() if team.team_alias == alias}
    async with database.read() as connection:
        for row in await connection.execute(select(teams).where(teams.c.team_alias == alias)):
            stored = as_rules_see(TEAMS.read(row))
            if stored.team_id not in catalog.declared_teams:
                found[stored.team_id] = stored
    return found


def _group_ids(named: Iterable[Team]) -> list[str]:
    return [group_id for team in named for group_id in team.access_group_ids]


# A token comes with as many records as it names: those kept are bounded by what they take, not by their number.
_TOKEN_BYTES = 4_096

Found = tuple[Customer, ...]
Mapped = tuple[str, ...]


class RequestLookups:
    """The lookups. A cache for each kind, so that a flood of strange customers drives out no key; one look-up in the
    database for all who ask for the same at once.

    A key that nobody has is asked for anew each time; customers and claims without a record are kept like those with
    one, as an empty tuple, under a digest: their names may be long.
    """

    def __init__(self, database: Database, trust: Trust, declared: Callable[[], Catalog], size: int) -> None:
        self._database = database
        self._trust = trust
        self._declared = declared
        self._callers: LookupCache[Caller] = LookupCache(size, trust)
        self._tokens: LookupCache[Caller] = LookupCache(size * _TOKEN_BYTES, trust, _bytes_of)
        self._customers: LookupCache[Found] = LookupCache(size, trust)
        self._mapped: LookupCache[Mapped] = LookupCache(size, trust)
        self._caller_lookups: SharedLookups[Caller | None] = SharedLookups(trust)
        self._token_lookups: SharedLookups[Caller] = SharedLookups(trust)
        self._customer_lookups: SharedLookups[Found] = SharedLookups(trust)
        self._mapped_lookups: SharedLookups[Mapped] = SharedLookups(trust)

    async def aclose(self) -> None:
        """Waits for the look-ups under way."""
        for lookups in (self._caller_lookups, self._token_lookups, self._customer_lookups, self._mapped_lookups):
            await lookups.aclose()

    async def caller(self, key_hash: str) -> Caller | None:
        """See `Store`."""
        known = self._callers.get(key_hash)
        if known is not None:
            return known

        async def read(generation: int) -> Caller | None:
            caller = await read_caller(self._database, self._declared(), key_hash)
            if caller is not None:
                self._callers.keep({key_hash: caller}, generation)
            return caller

        return await self._caller_lookups.look_up(key_hash, read)

    async def token_caller(self, token: Token, digest: str | None) -> Caller:
        """See `Store`."""
        if digest is None:
            return await read_token_caller(self._database, self._declared(), token)
        known = self._tokens.get(digest)
        if known is not None:
            return known

        async def read(generation: int) -> Caller:
            caller = await read_token_caller(self._database, self._declared(), token)
            self._tokens.keep({digest: caller}, generation)
            return caller

        return await self._token_lookups.look_up(digest, read)

    async def customers(self, ids: Sequence[str]) -> list[Customer]:
        """See `Store`."""
        digests = {each: _digest(each) for each in ids}
        found = self._customers.known(digests.values())
        unknown = [each for each, digest in digests.items() if digest not in found]
        if len(unknown) == 1:
            (one,) = unknown
            found[digests[one]] = await self._customer_lookups.look_up(digests[one], partial(self._read_customer, one))
        elif unknown:
            found |= await self._read_customers(unknown, self._trust.generation)
        return [customer for digest in digests.values() for customer in found[digest]]

    async def mapped_key(self, claim_name: str, claim_value: str) -> str | None:
        """See `Store`."""
        digest = _digest(claim_name, claim_value)
        found = self._mapped.get(digest)
        if found is None:

            async def read(generation: int) -> Mapped:
                mapped = await self._read_mapping(claim_name, claim_value)
                self._mapped.keep({digest: mapped}, generation)
                return mapped

            found = await self._mapped_lookups.look_up(digest, read)
        return found[0] if found else None

    async def _read_customer(self, customer_id: str, generation: int) -> Found:
        return (await self._read_customers([customer_id], generation))[_digest(customer_id)]

    async def _read_customers(self, ids: Sequence[str], generation: int) -> dict[str, Found]:
        read = await read_subjects(self._database, self._declared(), CUSTOMERS, ids)
        found: dict[str, Found] = {_digest(each): (read[each],) if each in read else () for each in ids}
        self._customers.keep(found, generation)
        return found

    async def _read_mapping(self, claim_name: str, claim_value: str) -> Mapped:
        if not (can_be_id(claim_name) and can_be_id(claim_value)):
            return ()
        claim = (key_mappings.c.jwt_claim_name == claim_name, key_mappings.c.jwt_claim_value == claim_value)
        async with self._database.read() as connection:
            return tuple((await connection.execute(select(key_mappings.c.token).where(*claim))).scalars())


def _bytes_of(caller: Caller) -> int:
    return len(repr(caller))


def _digest(*names: str) -> str:
    """A short name for names of any length; each is marked off by its own length."""
    spelled = "".join(f"{len(name)}:{name}" for name in names)
    return sha256(spelled.encode(errors="surrogatepass")).hexdigest()
