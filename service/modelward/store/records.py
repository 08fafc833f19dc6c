"""Aliases with their final targets (C5)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

from modelward.config.fields import AliasCycle, final_targets
from modelward.contract import AccessGroup, Customer, JsonObject, Key, Member, Organization, Project, Team, User
from modelward.errors import StoreUnavailable


def flat(aliases: dict[str, str]) -> dict[str, str]:
    """Each alias with its final target. Raises StoreUnavailable if they lead in a circle: the admin API refuses those,
    and one written by hand must not be guessed at."""
    try:
        return final_targets(aliases)
    except AliasCycle as cycle:
        raise StoreUnavailable(f"aliases in the database lead in a circle: {cycle}; break it") from cycle


def new_owner(kind: str) -> str:
    """An owner that nobody was and nobody will be, for a record of that kind."""
    return f"{kind}/{uuid4().hex}"


@dataclass(frozen=True, slots=True)
class AccessGroupRecord:
    """A unified access group (G9); `assigned_key_ids` are key hashes."""

    access_group_id: str
    access_group_name: str | None = None
    description: str | None = None
    access_model_names: list[str] = field(default_factory=list)
    assigned_team_ids: list[str] = field(default_factory=list)
    assigned_key_ids: list[str] = field(default_factory=list)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, group: AccessGroup) -> "AccessGroupRecord":
        """The record of a declared access group."""
        return cls(
            access_group_id=group.access_group_id,
            access_group_name=group.name,
            description=group.description,
            access_model_names=group.models,
            assigned_team_ids=group.team_ids,
            assigned_key_ids=group.key_hashes,
            declared=True,
        )

    def subject(self) -> AccessGroup:
        """What the rules see."""
        return AccessGroup(
            access_group_id=self.access_group_id,
            name=self.access_group_name,
            description=self.description,
            models=self.access_model_names,
            team_ids=self.assigned_team_ids,
            key_hashes=self.assigned_key_ids,
        )


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer (LiteLLM's end user); `user_id` is the id that requests name it by."""

    user_id: str
    alias: str | None = None
    models: list[str] = field(default_factory=list)
    blocked: bool = False
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    declared: bool = False

    @classmethod
    def of(cls, customer: Customer) -> "CustomerRecord":
        """The record of a declared customer."""
        return cls(
            user_id=customer.customer_id,
            alias=customer.alias,
            models=customer.models,
            blocked=customer.blocked,
            declared=True,
        )

    def subject(self) -> Customer:
        """What the rules see."""
        return Customer(customer_id=self.user_id, alias=self.alias, models=self.models, blocked=self.blocked)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A virtual key. `hash` is SHA-256 in hex, `key_name` what may be shown of the clear text."""

    hash: str
    key_name: str = "sk-..."
    key_alias: str | None = None
    models: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    team_id: str | None = None
    user_id: str | None = None
    project_id: str | None = None
    organization_id: str | None = None
    access_group_ids: list[str] = field(default_factory=list)
    expires: datetime | None = None
    blocked: bool = False
    allowed_routes: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "key"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, key: Key) -> "KeyRecord":
        """The record of a declared key."""
        return cls(
            hash=key.hash,
            key_alias=key.alias,
            models=key.models,
            aliases=key.aliases,
            team_id=key.team_id,
            user_id=key.user_id,
            project_id=key.project_id,
            organization_id=key.organization_id,
            access_group_ids=key.access_group_ids,
            expires=None if key.expires_ns is None else _EPOCH + timedelta(microseconds=key.expires_ns // 1000),
            blocked=key.blocked,
            allowed_routes=key.allowed_routes,
            metadata=key.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> Key:
        """What the rules see, each alias with its final target. Raises StoreUnavailable if they lead in a circle."""
        key = Key(
            hash=self.hash,
            alias=self.key_alias,
            models=self.models,
            aliases=self.aliases,
            team_id=self.team_id,
            user_id=self.user_id,
            project_id=self.project_id,
            organization_id=self.organization_id,
            access_group_ids=self.access_group_ids,
            expires_ns=None if self.expires is None else (self.expires - _EPOCH) // timedelta(microseconds=1) * 1000,
            blocked=self.blocked,
            allowed_routes=self.allowed_routes,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
        return key.model_copy(update={"aliases": flat(key.aliases)})


@dataclass(frozen=True, slots=True)
class KeyMappingRecord:
    """A token whose claim has that value stands for the key of that hash (R9). The config file declares none."""

    id: str
    jwt_claim_name: str
    jwt_claim_value: str
    key_hash: str
    description: str | None = None
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A user in a team; `role` is `user` or `admin` and decides nothing."""

    team_id: str
    user_id: str
    role: str = "user"
    allowed_models: list[str] = field(default_factory=list)
    declared: bool = False

    @classmethod
    def of(cls, member: Member) -> "MemberRecord":
        """The record of a declared member."""
        return cls(
            team_id=member.team_id,
            user_id=member.user_id,
            role=member.role,
            allowed_models=member.models,
            declared=True,
        )

    def subject(self) -> Member:
        """What the rules see."""
        return Member(user_id=self.user_id, team_id=self.team_id, role=self.role, models=self.allowed_models)


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """An organization."""

    organization_id: str
    organization_alias: str | None = None
    models: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, organization: Organization) -> "OrganizationRecord":
        """The record of a declared organization."""
        return cls(
            organization_id=organization.organization_id,
            organization_alias=organization.alias,
            models=organization.models,
            metadata=organization.metadata,
            declared=True,
        )

    def subject(self) -> Organization:
        """What the rules see."""
        return Organization(
            organization_id=self.organization_id,
            alias=self.organization_alias,
            models=self.models,
            metadata=self.metadata,
        )


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project."""

    project_id: str
    project_alias: str | None = None
    team_id: str | None = None
    models: list[str] = field(default_factory=list)
    blocked: bool = False
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    created_by: str | None = None
    updated_at: datetime | None = None
    updated_by: str | None = None
    declared: bool = False

    @classmethod
    def of(cls, project: Project) -> "ProjectRecord":
        """The record of a declared project."""
        return cls(
            project_id=project.project_id,
            project_alias=project.alias,
            team_id=project.team_id,
            models=project.models,
            blocked=project.blocked,
            metadata=project.metadata,
            declared=True,
        )

    def subject(self) -> Project:
        """What the rules see."""
        return Project(
            project_id=self.project_id,
            alias=self.project_alias,
            team_id=self.team_id,
            models=self.models,
            blocked=self.blocked,
            metadata=self.metadata,
        )


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A team."""

    team_id: str
    team_alias: str | None = None
    models: list[str] = field(default_factory=list)
    model_aliases: dict[str, str] = field(default_factory=dict)
    organization_id: str | None = None
    access_group_ids: list[str] = field(default_factory=list)
    blocked: bool = False
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "team"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, team: Team) -> "TeamRecord":
        """The record of a declared team."""
        return cls(
            team_id=team.team_id,
            team_alias=team.alias,
            models=team.models,
            model_aliases=team.model_aliases,
            organization_id=team.organization_id,
            access_group_ids=team.access_group_ids,
            blocked=team.blocked,
            metadata=team.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> Team:
        """What the rules see, each alias with its final target. Raises StoreUnavailable if they lead in a circle."""
        team = Team(
            team_id=self.team_id,
            alias=self.team_alias,
            models=self.models,
            model_aliases=self.model_aliases,
            organization_id=self.organization_id,
            access_group_ids=self.access_group_ids,
            blocked=self.blocked,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
        return team.model_copy(update={"model_aliases": flat(team.model_aliases)})


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user, the owner of keys."""

    user_id: str
    user_role: str | None = None
    models: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    metadata: JsonObject = field(default_factory=dict)
    extra: JsonObject = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    objects_owner: str | None = field(default_factory=partial(new_owner, "user"), compare=False)
    declared: bool = False

    @classmethod
    def of(cls, user: User) -> "UserRecord":
        """The record of a declared user."""
        return cls(
            user_id=user.user_id,
            user_role=user.role,
            models=user.models,
            teams=user.teams,
            metadata=user.metadata,
            objects_owner=None,
            declared=True,
        )

    def subject(self) -> User:
        """What the rules see."""
        return User(
            user_id=self.user_id,
            role=self.user_role,
            models=self.models,
            teams=self.teams,
            metadata=self.metadata,
            objects_owner=self.objects_owner,
        )
