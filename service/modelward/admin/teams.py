"""`/team/...`: teams."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar

from fastapi import Query, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from modelward.admin.errors import MISSING, TAKEN
from modelward.admin.fields import Item, MemberRole, Models, Name, NamesUser, SomeNames, wrong
from modelward.admin.keys import KeyAnswer, visible_keys
from modelward.admin.models import ClosedFields, RecordFields, SpendingAnswer, example, held, names, reads, shape, shows
from modelward.admin.routes import Now, RecordRoutes, new_id
from modelward.admin.users import UserAnswer
from modelward.config.words import litellm_words
from modelward.contract import Member, Shows, Subject, Team
from modelward.errors import Conflict, Invalid, NotFound
from modelward.store import KeyFilter, Store, TeamFilter

_MEMBERS = "teams[].members_with_roles[]"
_SCOPE = Field(None, description="the member's own scope; an empty list is none of its own")


class NewMember(NamesUser, ClosedFields):
    """A user to put into a team."""

    role: MemberRole = "user"
    allowed_models: Models | None = _SCOPE

    def record(self, team_id: str, otherwise: list[str] | None = None) -> Member:
        """The same for the store; `otherwise` are the models of a member that names none of its own."""
        models = self.allowed_models if self.allowed_models is not None else otherwise
        return Member(team_id=team_id, user_id=self.user_id, role=self.role, allowed_models=models or [])


def _each_once(members: list[NewMember]) -> list[NewMember]:
    if len({member.user_id for member in members}) < len(members):
        raise wrong("names a user twice")
    return members


NewMembers = Annotated[list[NewMember], Field(max_length=1_000), AfterValidator(_each_once)]
SomeMembers = Annotated[NewMembers, Field(min_length=1)]
_LISTED = BeforeValidator(
    lambda sent: [sent] if isinstance(sent, dict) else sent, json_schema_input_type=NewMember | SomeMembers
)


class MembersToAdd(
    RecordFields, json_schema_extra=example(team_id="litellm-dev", member={"role": "user", "user_id": "alice"})
):
    """Users to put into a team; `allowed_models` is the scope of those that name none of their own. A member's budgets
    and limits may be beside these fields: they decide nothing, are not kept and not shown."""

    SUBJECT = Member
    DROPPED = litellm_words().records[_MEMBERS].dropped

    team_id: Name
    allowed_models: Models | None = _SCOPE
    member: Annotated[SomeMembers, _LISTED]


@reads(Member, _MEMBERS)
class MemberChange(
    NamesUser, RecordFields, json_schema_extra=example(team_id="litellm-dev", user_id="alice", allowed_models=["gpt-4"])
):
    """What to change of a member; what is not sent stays."""

    team_id: Name


class MemberName(NamesUser, ClosedFields, json_schema_extra=example(team_id="litellm-dev", user_id="alice")):
    """A member of a team."""

    team_id: Name


@reads(Team, "teams[]")
class TeamFields(RecordFields):
    """The fields that decide; others of LiteLLM are kept in `others` and decide nothing."""


class NewTeam(TeamFields, json_schema_extra=example(team_alias="litellm-dev", models=["azure-gpt-3.5"])):
    """A team to make; `team_id` may be chosen."""

    team_id: Name | None = None
    members_with_roles: NewMembers | None = None


class TeamChange(TeamFields, json_schema_extra=example(team_id="litellm-dev", models=["gpt-4"])):
    """What to change of a team; what is not sent stays. Members have routes of their own."""

    INSTEAD: ClassVar = dict.fromkeys(
        ("admins", "members", "members_with_roles"), "call `/team/member_add` or `/team/member_delete`"
    )

    team_id: Name


TeamName = names("TeamName", "A team.", team_id=(Name, "litellm-dev"))
TeamNames = names("TeamNames", "Teams.", team_ids=(SomeNames, ["litellm-dev"]))


class MemberAnswer(BaseModel):
    """A member of a team, and the models of its own scope; an empty list is none of its own (L3)."""

    user_id: str
    user_email: str | None = None
    role: str
    allowed_models: list[str]


@shows(Team)
class TeamAnswer(SpendingAnswer):
    """A team; budgets and limits that a client sent are beside these fields."""

    members_with_roles: list[MemberAnswer]


class TeamMembership(BaseModel):
    """A user's place in a team."""

    user_id: str
    team_id: str
    allowed_models: list[str]


class TeamWithNewMembers(TeamAnswer):
    """A team, and what putting users into it changed."""

    updated_users: list[UserAnswer]
    updated_team_memberships: list[TeamMembership]


class ChangedMember(MemberAnswer):
    """A member that was changed. No member has a budget or an address here."""

    team_id: str
    user_email: None = None
    max_budget_in_team: None = None


TeamInfo = shape(
    "TeamInfo",
    "A team with its keys.",
    team_id=str,
    team_info=TeamAnswer,
    keys=list[KeyAnswer],
    team_memberships=list[TeamMembership],
)
ChangedTeam = shape("ChangedTeam", "A team that was changed.", team_id=str, data=TeamAnswer)
DeletedTeams = shape("DeletedTeams", "The teams that are no more.", deleted_teams=list[str])


def _with(team: Team, members: Sequence[Member]) -> dict[str, Any]:
    """What is shown of a team, with those of its members that may be seen."""
    return {**held(team), "members_with_roles": members}


class TeamRoutes(RecordRoutes[Team]):
    """The routes."""

    PREFIX, TAG, ID, ANSWER = "/team", "teams", "team_id", TeamAnswer

    def __init__(self, store: Store, now: Now) -> None:
        super().__init__(store.teams, now)
        self._store = store
        self.add("/new", self.new, NewTeam, responses=TAKEN)
        self.add("/update", self.update, TeamChange, ChangedTeam)
        says = "Delete teams and all of their keys, or nothing. The keys are refused here when this answers."
        self.add("/delete", self.delete, TeamNames, DeletedTeams, says)
        self.add("/block", self.block, TeamName, says="Refuse all keys of a team until it is unblocked.")
        self.add("/unblock", self.unblock, TeamName, says="Let the keys of a blocked team in again.")
        self.router.get("/info", responses=MISSING, response_model=TeamInfo)(self.info)
        self.router.get("/list", response_model=list[TeamAnswer])(self.list_all)
        self.add("/member_add", self.add_members, MembersToAdd, TeamWithNewMembers)
        self.add("/member_update", self.update_member, MemberChange, ChangedMember)
        self.add("/member_delete", self.delete_member, MemberName)

    async def new(self, sent: NewTeam, request: Request) -> Any:
        """Make a team with its members. An empty list of models means every model."""
        team_id = sent.team_id or new_id()
        members = [member.record(team_id) for member in sent.members_with_roles or []]
        for member in members:  # while nothing is made yet
            with suppress(NotFound):
                if (await self._store.users.get(member.user_id)).declared:
                    said = f"the user `{member.user_id}` is declared in the config file: change its teams there"
                    raise Conflict(said)
        team = await self.make(Team(team_id=team_id), sent, request)
        await self._store.members.add_all(team_id, members)
        return _with(team, members)

    async def answer(self, record: Team) -> Any:
        """A team with its members."""
        return _with(record, await self._store.members.of_team(record.team_id))

    async def changed(self, record: Team) -> Any:
        """The team, and its id."""
        return {"team_id": record.team_id, "data": await self.answer(record)}

    async def deleted(self, records: list[Team]) -> Any:
        """The ids."""
        return {"deleted_teams": [team.team_id for team in records]}

    async def info(
        self, request: Request, team_id: Annotated[Name | None, Query(examples=["litellm-dev"])] = None
    ) -> Any:
        """A team and, for an admin, its members and first 1,000 keys; others see their own membership and key. Without
        an id, the caller's team."""
        subject: Subject = request.state.subject
        shows: Shows = request.state.shows
        wanted = team_id or subject.team_id
        if wanted is None:
            raise Invalid("`team_id` is missing: the caller has no team")
        team = await self.table.get(wanted)
        members = await self._store.members.of_team(wanted)
        seen = [member for member in members if shows.everything or member.user_id == shows.user_id]
        return {
            "team_id": team.team_id,
            "team_info": _with(team, seen),
            "keys": await visible_keys(self._store, request, KeyFilter(team_id=wanted)),
            "team_memberships": seen,
        }

    async def list_all(
        self,
        organization_id: Item | None = None,
        user_id: Annotated[Item | None, Query(description="a member of the team")] = None,
    ) -> Any:
        """The teams, those of the config file first, then the newest."""
        wanted = TeamFilter(organization_id=organization_id, user_id=user_id)
        teams, _ = await self.table.page(wanted, offset=0)
        members = await self._store.members.of_teams(team.team_id for team in teams)
        return [_with(team, members[team.team_id]) for team in teams]

    async def add_members(self, sent: MembersToAdd, _: Request) -> Any:
        """Put users into a team, all or none; a user without a record gets one."""
        records = [member.record(sent.team_id, sent.allowed_models) for member in sent.member]
        await self._store.members.add_all(sent.team_id, records)
        team = await self.table.get(sent.team_id)
        users = [await self._store.users.get(member.user_id) for member in records]
        return {**await self.answer(team), "updated_users": users, "updated_team_memberships": records}

    async def update_member(self, sent: MemberChange, _: Request) -> Member:
        """Change the fields that are sent. In force here when this answers, everywhere within a second."""
        changes, members = sent.changes(self.now()), self._store.members
        return await members.change(sent.team_id, sent.user_id, lambda each: each.model_copy(update=changes))

    async def delete_member(self, sent: MemberName, _: Request) -> Any:
        """Take a user out of a team, and delete its keys of that team."""
        members, keys = self._store.members, self._store.keys
        await members.change(sent.team_id, sent.user_id, lambda member: member)  # else nothing may be deleted
        owned, _count = await keys.page(KeyFilter(team_id=sent.team_id, user_id=sent.user_id), offset=0)
        await keys.remove([key.token for key in owned])  # first: without its member, a key would have no scope (L3)
        await members.remove(sent.team_id, [sent.user_id])
        return await self.answer(await self.table.get(sent.team_id))
