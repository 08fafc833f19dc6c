"""`/team/...`: teams."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, ClassVar, Self

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.errors import shows_of, subject_of
from modelward.admin.fields import (
    ClosedFields,
    Item,
    Models,
    Name,
    QueryFields,
    SomeNames,
    UnusedAddress,
    by_id,
    wrong,
)
from modelward.admin.keys import KeyAnswer, visible_keys
from modelward.admin.other_fields import dropped_from, kept_with
from modelward.admin.records import MemberRole, RecordFields, Records, SpendingAnswer, new_id, reads, shows
from modelward.admin.users import UserAnswer
from modelward.contract import Member, Team
from modelward.errors import Conflict, Invalid, NotFound
from modelward.store import KeyFilter, Store, TeamFilter


class NewMember(ClosedFields):
    """A user to put into a team."""

    role: MemberRole = "user"
    user_id: Name
    user_email: UnusedAddress = None
    allowed_models: Models | None = Field(None, description="the member's own scope; an empty list is none of its own")

    _by_id = model_validator(mode="before")(by_id)

    def record(self, team_id: str, otherwise: list[str] | None = None) -> Member:
        """The same for the store; `otherwise` are the models of a member that names none of its own."""
        models = self.allowed_models if self.allowed_models is not None else otherwise
        return Member(team_id=team_id, user_id=self.user_id, role=self.role, allowed_models=models or [])


def _listed(sent: object) -> object:
    return [sent] if isinstance(sent, dict) else sent


def _each_once(members: list[NewMember]) -> list[NewMember]:
    if len({member.user_id for member in members}) < len(members):
        raise wrong("names a user twice")
    return members


NewMembers = Annotated[list[NewMember], Field(max_length=1_000), AfterValidator(_each_once)]
SomeMembers = Annotated[NewMembers, Field(min_length=1)]
OneOrMore = Annotated[SomeMembers, BeforeValidator(_listed, json_schema_input_type=NewMember | SomeMembers)]


class MemberFields(RecordFields):
    """A member's budgets and limits may be beside these fields: they decide nothing, are not kept and not shown."""

    SUBJECT = Member
    IGNORED = dropped_from("teams[].members_with_roles")

    team_id: Name
    allowed_models: Models | None = Field(None, description="the member's own scope; an empty list is none of its own")


class MembersToAdd(MemberFields):
    """Users to put into a team; `allowed_models` is the scope of those that name none of their own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_id": "litellm-dev", "member": {"role": "user", "user_id": "alice"}}]}
    )
    member: OneOrMore

    @property
    def records(self) -> list[Member]:
        """The same for the store."""
        return [member.record(self.team_id, self.allowed_models) for member in self.member]


@reads
class MemberChange(MemberFields):
    """What to change of a member; what is not sent stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_id": "litellm-dev", "user_id": "alice", "allowed_models": ["gpt-4"]}]}
    )
    user_id: Name
    user_email: UnusedAddress = None

    _by_id = model_validator(mode="before")(by_id)


class MemberName(ClosedFields):
    """A member of a team."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev", "user_id": "alice"}]})
    team_id: Name
    user_id: Name
    user_email: UnusedAddress = None

    _by_id = model_validator(mode="before")(by_id)


@reads
class TeamFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    SUBJECT = Team
    KEPT = kept_with("teams")


class NewTeam(TeamFields):
    """A team to make; `team_id` may be chosen."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_alias": "litellm-dev", "models": ["azure-gpt-3.5"]}]}
    )
    team_id: Name | None = None
    members_with_roles: NewMembers | None = None


class TeamChange(TeamFields):
    """What to change of a team; what is not sent stays. Members have routes of their own."""

    INSTEAD: ClassVar = dict.fromkeys(
        ("admins", "members", "members_with_roles"), "call `/team/member_add` or `/team/member_delete`"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev", "models": ["gpt-4"]}]})
    team_id: Name


class TeamName(ClosedFields):
    """A team."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev"}]})
    team_id: Name


class TeamNames(ClosedFields):
    """Teams."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_ids": ["litellm-dev"]}]})
    team_ids: SomeNames


class TeamToShow(QueryFields):
    """A team; without it, the caller's own."""

    team_id: Name | None = Field(None, examples=["litellm-dev"])


class TeamQuery(QueryFields):
    """Which teams to list."""

    organization_id: Item | None = None
    user_id: Item | None = Field(None, description="a member of the team")

    @property
    def filter(self) -> TeamFilter:
        """The same for the store."""
        return TeamFilter(organization_id=self.organization_id, user_id=self.user_id)


class MemberAnswer(BaseModel):
    """A member of a team, and the models of its own scope; an empty list is none of its own (L3)."""

    model_config = ConfigDict(from_attributes=True)
    user_id: str
    user_email: str | None = None
    role: str
    allowed_models: list[str]


@shows
class TeamAnswer(SpendingAnswer):
    """A team; budgets and limits that a client sent are beside these fields."""

    SUBJECT = Team

    members_with_roles: list[MemberAnswer]

    @classmethod
    def with_members(cls, team: Team, members: Sequence[Member], **named: object) -> Self:
        """The answer for a team and those of its members that may be seen."""
        return cls.of(team, members_with_roles=members, **named)


class TeamMembership(BaseModel):
    """A user's place in a team."""

    model_config = ConfigDict(from_attributes=True)
    user_id: str
    team_id: str
    allowed_models: list[str]


class TeamInfo(BaseModel):
    """A team with its keys."""

    team_id: str
    team_info: TeamAnswer
    keys: list[KeyAnswer]
    team_memberships: list[TeamMembership]


class ChangedTeam(BaseModel):
    """A team that was changed."""

    team_id: str
    data: TeamAnswer


class DeletedTeams(BaseModel):
    """The teams that are no more."""

    deleted_teams: list[str]


class TeamWithNewMembers(TeamAnswer):
    """A team, and what putting users into it changed."""

    updated_users: list[UserAnswer]
    updated_team_memberships: list[TeamMembership]


class ChangedMember(BaseModel):
    """A member that was changed. No member has a budget or an address here."""

    model_config = ConfigDict(from_attributes=True)
    team_id: str
    user_id: str
    user_email: None = None
    role: str
    allowed_models: list[str]
    max_budget_in_team: None = None


class TeamRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._records = Records(store.teams, now)

    def router(self) -> APIRouter:
        """All of them."""
        router = APIRouter(prefix="/team", tags=["teams"])
        router.post("/new", responses=TAKEN)(self.new)
        router.post("/update", responses=MISSING_OR_TAKEN)(self.update)
        router.post("/delete", responses=MISSING_OR_TAKEN)(self.delete)
        router.post("/block", responses=MISSING_OR_TAKEN)(self.block)
        router.post("/unblock", responses=MISSING_OR_TAKEN)(self.unblock)
        router.get("/info", responses=MISSING)(self.info)
        router.get("/list")(self.list_all)
        router.post("/member_add", responses=MISSING_OR_TAKEN)(self.add_members)
        router.post("/member_update", responses=MISSING_OR_TAKEN)(self.update_member)
        router.post("/member_delete", responses=MISSING_OR_TAKEN)(self.delete_member)
        return router

    async def new(self, new: NewTeam, request: Request) -> TeamAnswer:
        """Make a team with its members. An empty list of models means every model."""
        team_id = new.team_id or new_id()
        members = [member.record(team_id) for member in new.members_with_roles or []]
        await self._refuse_declared(members)
        team = await self._records.make(Team(team_id=team_id), new, request)
        await self._store.members.add_all(team_id, members)
        return TeamAnswer.with_members(team, members)

    async def update(self, change: TeamChange, request: Request) -> ChangedTeam:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changed = await self._records.change(change.team_id, change, request)
        return ChangedTeam(team_id=changed.team_id, data=await self._answer(changed))

    async def delete(self, names: TeamNames) -> DeletedTeams:
        """Delete teams and all of their keys, or nothing. The keys are refused here when this answers."""
        removed = await self._store.teams.remove(names.team_ids)
        return DeletedTeams(deleted_teams=[team.team_id for team in removed])

    async def block(self, name: TeamName, request: Request) -> TeamAnswer:
        """Refuse all keys of a team until it is unblocked."""
        return await self._answer(await self._records.block(name.team_id, True, request))

    async def unblock(self, name: TeamName, request: Request) -> TeamAnswer:
        """Let the keys of a blocked team in again."""
        return await self._answer(await self._records.block(name.team_id, False, request))

    async def info(self, request: Request, query: Annotated[TeamToShow, Query()]) -> TeamInfo:
        """A team and, for an admin, its members and first 1,000 keys; others see their own membership and key. Without
        an id, the caller's team."""
        wanted = query.team_id or subject_of(request).team_id
        if wanted is None:
            raise Invalid("`team_id` is missing: the caller has no team")
        team = await self._store.teams.get(wanted)
        members = await self._visible_members(request, wanted)
        return TeamInfo(
            team_id=team.team_id,
            team_info=TeamAnswer.with_members(team, members),
            keys=await visible_keys(self._store, request, KeyFilter(team_id=wanted)),
            team_memberships=[TeamMembership.model_validate(member) for member in members],
        )

    async def list_all(self, query: Annotated[TeamQuery, Query()]) -> list[TeamAnswer]:
        """The teams, those of the config file first, then the newest."""
        teams, _ = await self._store.teams.page(query.filter, offset=0)
        members = await self._store.members.of_teams(team.team_id for team in teams)
        return [TeamAnswer.with_members(team, members[team.team_id]) for team in teams]

    async def add_members(self, new: MembersToAdd) -> TeamWithNewMembers:
        """Put users into a team, all or none; a user without a record gets one."""
        records = new.records
        await self._store.members.add_all(new.team_id, records)
        team = await self._store.teams.get(new.team_id)
        users = [await self._store.users.get(member.user_id) for member in records]
        return TeamWithNewMembers.with_members(
            team,
            await self._store.members.of_team(new.team_id),
            updated_users=[UserAnswer.of(user) for user in users],
            updated_team_memberships=records,
        )

    async def update_member(self, change: MemberChange) -> ChangedMember:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changes = change.changes(self._records.now())
        changed = await self._store.members.change(
            change.team_id, change.user_id, lambda member: member.model_copy(update=changes)
        )
        return ChangedMember.model_validate(changed)

    async def delete_member(self, name: MemberName) -> TeamAnswer:
        """Take a user out of a team, and delete its keys of that team."""
        members, keys = self._store.members, self._store.keys
        await members.change(name.team_id, name.user_id, lambda member: member)  # else nothing may be deleted
        owned, _ = await keys.page(KeyFilter(team_id=name.team_id, user_id=name.user_id), offset=0)
        await keys.remove([key.token for key in owned])  # first: without its member, a key would have no scope (L3)
        await members.remove(name.team_id, [name.user_id])
        return await self._answer(await self._store.teams.get(name.team_id))

    async def _refuse_declared(self, members: list[Member]) -> None:
        """Raises Conflict for a user that cannot be put into a team, while nothing is made yet."""
        for member in members:
            with suppress(NotFound):
                if (await self._store.users.get(member.user_id)).declared:
                    raise Conflict(
                        f"the user `{member.user_id}` is declared in the config file: change its teams there"
                    )

    async def _answer(self, team: Team) -> TeamAnswer:
        return TeamAnswer.with_members(team, await self._store.members.of_team(team.team_id))

    async def _visible_members(self, request: Request, team_id: str) -> list[Member]:
        """The members that the decision shows, all or the caller's own membership (A3)."""
        shows, members = shows_of(request), await self._store.members.of_team(team_id)
        return [member for member in members if shows.everything or member.user_id == shows.user_id]
