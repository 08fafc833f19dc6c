"""`/team/...`: teams."""

import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from modelward.admin.document import MISSING, MISSING_OR_TAKEN, TAKEN
from modelward.admin.errors import changer, subject_of
from modelward.admin.fields import (
    Aliases,
    ClosedFields,
    Item,
    Items,
    JsonMap,
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
from modelward.admin.records import RecordFields, SpendingAnswer, edited, made, stamped
from modelward.errors import Conflict, Invalid, NotFound
from modelward.store import KeyFilter, MemberRecord, Store, TeamFilter, TeamRecord

MemberRole = Literal["admin", "user"]


class NewMember(ClosedFields):
    """A user to put into a team."""

    role: MemberRole = "user"
    user_id: Name
    user_email: UnusedAddress = None
    allowed_models: Models | None = Field(None, description="the member's own scope; an empty list is none of its own")

    _by_id = model_validator(mode="before")(by_id)

    def record(self, team_id: str, otherwise: list[str] | None = None) -> MemberRecord:
        """The same for the store; `otherwise` are the models of a member that names none of its own."""
        models = self.allowed_models if self.allowed_models is not None else otherwise
        return MemberRecord(team_id=team_id, user_id=self.user_id, role=self.role, allowed_models=models or [])


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
    """A member's budgets and limits may stand beside these fields: they decide nothing, are not kept and not shown."""

    LASTING = frozenset({"allowed_models"})
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
    def records(self) -> list[MemberRecord]:
        """The same for the store."""
        return [member.record(self.team_id, self.allowed_models) for member in self.member]


class MemberChange(MemberFields):
    """What to change of a member; what is not sent stays."""

    LASTING = frozenset({"allowed_models", "role"})

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"team_id": "litellm-dev", "user_id": "alice", "allowed_models": ["gpt-4"]}]}
    )
    user_id: Name
    user_email: UnusedAddress = None
    role: MemberRole | None = None

    _by_id = model_validator(mode="before")(by_id)


class MemberName(ClosedFields):
    """A member of a team."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"team_id": "litellm-dev", "user_id": "alice"}]})
    team_id: Name
    user_id: Name
    user_email: UnusedAddress = None

    _by_id = model_validator(mode="before")(by_id)


class TeamFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""

    LASTING = frozenset({"access_group_ids", "blocked", "metadata", "model_aliases", "models"})
    CLEARABLE = frozenset({"organization_id", "team_alias"})
    KEPT = kept_with("teams")

    team_alias: Name | None = None
    models: Models | None = None
    model_aliases: Aliases | None = None
    organization_id: Name | None = None
    access_group_ids: Items | None = None
    blocked: bool | None = None
    metadata: JsonMap | None = None


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

    user_id: str
    user_email: str | None = None
    role: str
    allowed_models: list[str]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        """The answer for a record."""
        return cls(user_id=member.user_id, role=member.role, allowed_models=member.allowed_models)


class TeamAnswer(SpendingAnswer):
    """A team; budgets and limits that a client sent stand beside these fields."""

    team_id: str
    team_alias: str | None
    models: list[str]
    model_aliases: dict[str, str]
    organization_id: str | None
    access_group_ids: list[str]
    blocked: bool
    metadata: dict[str, JsonValue]
    members_with_roles: list[MemberAnswer]

    @classmethod
    def with_members(cls, team: TeamRecord, members: Sequence[MemberRecord], **named: object) -> Self:
        """The answer for a team and those of its members that may be seen."""
        return cls.of(team, members_with_roles=[MemberAnswer.of(member) for member in members], **named)


class TeamMembership(BaseModel):
    """A user's place in a team."""

    user_id: str
    team_id: str
    allowed_models: list[str]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        """The answer for a record."""
        return cls(user_id=member.user_id, team_id=member.team_id, allowed_models=member.allowed_models)


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


class TeamRoutes:
    """The routes. `now` gives the time in UTC."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

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
        return router

    async def new(self, new: NewTeam, request: Request) -> TeamAnswer:
        """Make a team with its members. An empty list of models means every model."""
        team_id = new.team_id or str(uuid.uuid4())
        team = made(TeamRecord(team_id=team_id), new, self._now(), changer(request))
        members = [member.record(team_id) for member in new.members_with_roles or []]
        await self._refuse_declared(members)
        await self._store.teams.add(team)
        await self._store.members.add_all(team_id, members)
        return TeamAnswer.with_members(team, members)

    async def update(self, change: TeamChange, request: Request) -> ChangedTeam:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        by, now = changer(request), self._now()
        changed = await self._store.teams.change(change.team_id, lambda team: edited(team, change, now, by))
        return ChangedTeam(team_id=changed.team_id, data=await self._answer(changed))

    async def delete(self, names: TeamNames) -> DeletedTeams:
        """Delete teams and all of their keys, or nothing. The keys are refused here when this answers."""
        removed = await self._store.teams.remove(names.team_ids)
        return DeletedTeams(deleted_teams=[team.team_id for team in removed])

    async def block(self, name: TeamName, request: Request) -> TeamAnswer:
        """Refuse all keys of a team until it is unblocked."""
        return await self._set_blocked(name, True, changer(request))

    async def unblock(self, name: TeamName, request: Request) -> TeamAnswer:
        """Let the keys of a blocked team in again."""
        return await self._set_blocked(name, False, changer(request))

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
            team_memberships=[TeamMembership.of(member) for member in members],
        )

    async def list_all(self, query: Annotated[TeamQuery, Query()]) -> list[TeamAnswer]:
        """The teams, those of the config file first, then the newest."""
        teams, _ = await self._store.teams.page(query.filter, offset=0)
        members = await self._store.members.of_teams(team.team_id for team in teams)
        return [TeamAnswer.with_members(team, members[team.team_id]) for team in teams]

    async def _refuse_declared(self, members: list[MemberRecord]) -> None:
        """Raises Conflict for a user that cannot be put into a team, while nothing is made yet."""
        for member in members:
            with suppress(NotFound):
                if (await self._store.users.get(member.user_id)).declared:
                    raise Conflict(
                        f"the user `{member.user_id}` is declared in the config file: change its teams there"
                    )

    async def _answer(self, team: TeamRecord) -> TeamAnswer:
        return TeamAnswer.with_members(team, await self._store.members.of_team(team.team_id))

    async def _visible_members(self, request: Request, team_id: str) -> list[MemberRecord]:
        subject, members = subject_of(request), await self._store.members.of_team(team_id)
        return [member for member in members if subject.admin or member.user_id == subject.user_id]

    async def _set_blocked(self, name: TeamName, blocked: bool, by: str) -> TeamAnswer:
        now = self._now()
        changed = await self._store.teams.change(
            name.team_id, lambda team: stamped(replace(team, blocked=blocked), now, by)
        )
        return await self._answer(changed)
