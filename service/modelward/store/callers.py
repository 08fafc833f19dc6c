"""Who asks: a key or a token, with every record that a rule may need; what the config file declares comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, select

from modelward.contract import Caller, Catalog, Customer, Key, Member, Team, Token, TokenRecords, User
from modelward.errors import Unidentified
from modelward.store import tables
from modelward.store.database import Database, batches, can_be_kept
from modelward.store.tables import S, SubjectKind, key_mappings, keys, members, teams, users

MOST_TEAMS = 200
"""As many teams may a token claim: every one is looked up, and weighed by the rules."""

_KEY_WITH_TEAM_AND_USER = select(keys, teams, users, members).select_from(
    keys.outerjoin(teams, teams.c.team_id == keys.c.team_id)
    .outerjoin(users, users.c.user_id == keys.c.user_id)
    .outerjoin(members, and_(members.c.team_id == keys.c.team_id, members.c.user_id == keys.c.user_id))
)


@dataclass(frozen=True, slots=True)
class CallerReader:
    """Reads callers from a database and from what the config file of `catalog` declares; what has no record is absent
    (L8). Every method raises StoreUnavailable."""

    database: Database
    catalog: Catalog

    async def caller(self, key_hash: str) -> Caller | None:
        """The caller with that key, `None` if nobody has it. One query finds a stored key with its team, its user and
        the membership; where these name other records, each kind takes one more."""
        declared = self.catalog.declared_keys.get(key_hash)
        if declared is not None:
            return await self.caller_with(declared)
        found = await self.database.all(_KEY_WITH_TEAM_AND_USER.where(keys.c.token == key_hash), self._joined)
        return await self._widened(*found[0]) if found else None

    async def caller_with(self, key: Key) -> Caller:
        """The caller that a key has whose record is `key`; it need not be stored."""
        team = (await self._subjects(tables.TEAMS, [key.team_id])).get(key.team_id or "")
        user = (await self._subjects(tables.USERS, [key.user_id])).get(key.user_id or "")
        found = await self._members([key.team_id], [key.user_id])
        return await self._widened(key, team, user, found[0] if found else None)

    async def token_caller(self, token: Token) -> Caller:
        """The caller with that token, and the records it may stand for, with one query for each kind, and one more for
        an alias. Raises Unidentified if it claims too many teams."""
        if len(token.team_ids) > MOST_TEAMS:
            raise Unidentified(f"the token claims more than {MOST_TEAMS} teams: have its issuer name those needed here")
        named = [token.user_id, token.object_id, token.email]
        found_users = await self._subjects(tables.USERS, named)
        of_alias = await self._teams_of_alias(token.team_alias)
        claimed = {token.team_id, token.team_id_default, token.chosen_team_id, token.object_id, *token.team_ids}
        claimed.update(team_id for user in found_users.values() for team_id in user.teams)
        found = await self._subjects(tables.TEAMS, claimed - of_alias.keys()) | of_alias
        organizations = [token.organization_id, *(team.organization_id for team in found.values())]
        groups = [group_id for team in found.values() for group_id in team.access_group_ids]
        return Caller(
            kind="jwt",
            token=token,
            organizations=await self._subjects(tables.ORGANIZATIONS, organizations),
            access_groups=await self._subjects(tables.ACCESS_GROUPS, groups),
            records=TokenRecords(
                teams=found,
                teams_of_alias=sorted(of_alias),
                users=found_users,
                # A scope in a team binds its user with a record or without (L3).
                members=await self._members(found, filter(None, named)),
            ),
        )

    async def customers(self, customer_id: str) -> list[Customer]:
        """The customer of that id in a list, an empty one if it has no record."""
        return list((await self._subjects(tables.CUSTOMERS, [customer_id])).values())

    async def mapped_keys(self, claim_name: str, claim_value: str) -> list[str]:
        """The hash of the key that a token with that claim stands for (R9) in a list, an empty one if there is none."""
        if not (can_be_kept(claim_name) and can_be_kept(claim_value)):
            return []
        claim = (key_mappings.c.jwt_claim_name == claim_name, key_mappings.c.jwt_claim_value == claim_value)
        return await self.database.all(select(key_mappings.c.token).where(*claim), lambda row: str(row.token))

    async def _subjects(self, kind: SubjectKind[S], ids: Iterable[str | None]) -> dict[str, S]:
        """The subjects of these ids, keyed by id."""
        wanted = sorted({each for each in ids if each is not None and can_be_kept(each)})
        declared = kind.declared(self.catalog)
        found = {each: declared[each] for each in wanted if each in declared}
        for batch in batches([each for each in wanted if each not in declared]):
            stored = await self.database.all(select(kind.table).where(kind.id.in_(batch)), kind.as_rules_see)
            found.update((kind.id_of(each), each) for each in stored)
        return found

    async def _members(self, team_ids: Iterable[str | None], user_ids: Iterable[str | None]) -> list[Member]:
        """The memberships of these users in these teams, sorted, with one query at most."""
        users_named = {each for each in user_ids if each is not None and can_be_kept(each)}
        pairs = {(team_id, user_id) for team_id in team_ids if team_id is not None for user_id in users_named}
        declared = self.catalog.declared_members
        found = {pair: declared[pair[0]][pair[1]] for pair in pairs if pair[1] in declared.get(pair[0], {})}
        if stored := pairs - found.keys():
            of_teams = members.c.team_id.in_(sorted({team_id for team_id, _ in stored}))
            query = select(members).where(of_teams, members.c.user_id.in_(sorted(users_named)))
            for member in await self.database.all(query, tables.MEMBERS.read):
                found.setdefault((member.team_id, member.user_id), member)
        return [found[pair] for pair in sorted(found)]

    async def _teams_of_alias(self, alias: str | None) -> dict[str, Team]:
        """The teams that have an alias, keyed by id."""
        if alias is None or not can_be_kept(alias):
            return {}
        declared = self.catalog.declared_teams
        stored = await self.database.all(select(teams).where(teams.c.team_alias == alias), tables.TEAMS.as_rules_see)
        found = {team_id: team for team_id, team in declared.items() if team.team_alias == alias}
        return found | {team.team_id: team for team in stored if team.team_id not in declared}

    def _joined(self, row: Row[Any]) -> tuple[Key, Team | None, User | None, Member | None]:
        """A stored key with its team, its user and the membership."""

        def of(kind: SubjectKind[S], declared: S | None) -> S | None:
            return kind.as_rules_see(row) if declared is None and row._mapping[kind.id] is not None else declared

        key, catalog = tables.KEYS.as_rules_see(row), self.catalog
        team_id, user_id = key.team_id or "", key.user_id or ""
        team, user = catalog.declared_teams.get(team_id), catalog.declared_users.get(user_id)
        member = catalog.declared_members.get(team_id, {}).get(user_id)
        return key, of(tables.TEAMS, team), of(tables.USERS, user), of(tables.MEMBERS, member)

    async def _widened(self, key: Key, team: Team | None, user: User | None, member: Member | None) -> Caller:
        """The caller, with the records that its key, team and user name."""
        projects = await self._subjects(tables.PROJECTS, [key.project_id])
        owner_teams: dict[str, Team] = {}
        if user is not None and key.team_id is None and self.catalog.settings.personal_keys_from_teams:  # L11
            owner_teams = await self._subjects(tables.TEAMS, user.teams)
        all_teams = [*([] if team is None else [team]), *owner_teams.values()]
        groups = [*key.access_group_ids, *(group_id for each in all_teams for group_id in each.access_group_ids)]
        organizations = [key.organization_id, team.organization_id if team else None]
        return Caller(
            kind="key",
            key=key,
            team=team,
            user=user,
            member=member,
            project=projects.get(key.project_id or ""),
            owner_teams=[owner_teams[team_id] for team_id in sorted(owner_teams)],
            organizations=await self._subjects(tables.ORGANIZATIONS, organizations),
            access_groups=await self._subjects(tables.ACCESS_GROUPS, groups),
        )
