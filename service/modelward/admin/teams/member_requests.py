"""What the routes of a team's members read."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from modelward.admin.address import UnusedAddress, by_id
from modelward.admin.closed import ClosedFields
from modelward.admin.fields import Models, Name, wrong
from modelward.admin.other_fields import BUDGETS_OF_MEMBERS
from modelward.admin.record_fields import RecordFields
from modelward.store import MemberRecord

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
    IGNORED = BUDGETS_OF_MEMBERS

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
