"""What a verified JWT says, read at the places the config names; and what the config makes of it."""

from functools import cached_property
from typing import Literal

from modelward.contract.subjects import (
    AccessGroup,
    Contract,
    JsonObject,
    Key,
    Member,
    Organization,
    Project,
    Team,
    User,
)


class Token(Contract):
    """The claims of a verified token, without those named `_litellm_*` (R1), and what was read from them.

    `scopes` are the words or items of `scope`; `roles` the items of `roles_jwt_field`, `user_roles` those of
    `user_roles_jwt_field`; a text is one item (R2). `team_id` is the first item of its claim, `team_id_default`
    the config's own; `expects_team` says that a claim for one team is configured; `team_ids` are sorted.
    `chosen_team_id` is what the header `x-litellm-team-id` asks for (R7). Where no id of a user is claimed, `email` is
    the user's id (R8).
    """

    issuer: str | None = None
    claims: JsonObject = {}
    scopes: list[str] = []
    roles: list[str] = []
    user_roles: list[str] = []
    object_id: str | None = None
    chosen_team_id: str | None = None
    expects_team: bool = False
    team_id: str | None = None
    team_id_default: str | None = None
    team_alias: str | None = None
    team_ids: list[str] = []
    user_id: str | None = None
    email: str | None = None
    organization_id: str | None = None


class RoleMapping(Contract):
    """A role of the token that stands for `internal_role` (R2)."""

    role: str
    internal_role: str


class RolePermission(Contract):
    """What a role may use; `None` is any, an empty list nothing (R4)."""

    models: list[str] | None = None
    routes: list[str] | None = None


class ScopeMapping(Contract):
    """What a scope adds; with `routes`, on those only (R5)."""

    scope: str
    models: list[str] = []
    routes: list[str] | None = None


class TokenSettings(Contract):
    """What the config makes of tokens (section 7). `roles` is keyed by internal role."""

    admin_scope: str = "litellm_proxy_admin"
    admin_allowed_routes: list[str] = ["management_routes", "info_routes"]
    team_allowed_routes: list[str] = ["llm_api_routes", "info_routes"]
    user_allowed_roles: list[str] | None = None
    role_mappings: list[RoleMapping] = []
    enforce_roles: bool = False
    roles: dict[str, RolePermission] = {}
    enforce_scopes: bool = False
    scopes: list[ScopeMapping] = []
    allow_unmapped: bool = False
    reject_unmapped_clients: bool = False
    team_claim_fallback: bool = False
    enforce_team: bool = False
    user_allowed_email_domain: str | None = None
    unknown_users: bool = False


CallerKind = Literal["key", "jwt", "master"]


class TokenRecords(Contract):
    """The records that a token may stand for: which of them it does stand for, the rules say (R7, R8).

    `teams` and `users` are keyed by id, and hold whatever the token or the user's record names and the store knows;
    `teams_of_alias` are the ids of the teams that have the claimed alias.
    """

    teams: dict[str, Team] = {}
    teams_of_alias: list[str] = []
    users: dict[str, User] = {}
    members: list[Member] = []


class TokenOrigin(Contract):
    """Where the team of a token comes from, and its id, `None` where the source gives none (R7)."""

    source: str
    id: str | None = None


class Caller(Contract):
    """Who asks; `None` where no record applies or exists (L8).

    `organizations` and `access_groups` are keyed by id, and hold those that the key or a team names and the store
    knows. `owner_teams` are the teams of the owner, read only where the config lets personal keys take models from them
    (L11). A caller of kind `jwt` comes with `token` and `records`; its team, member, user and `origin` are chosen by
    the rules, and `None` before.
    """

    kind: CallerKind
    key: Key | None = None
    team: Team | None = None
    member: Member | None = None
    user: User | None = None
    owner_teams: list[Team] = []
    project: Project | None = None
    organizations: dict[str, Organization] = {}
    access_groups: dict[str, AccessGroup] = {}
    token: Token | None = None
    records: TokenRecords | None = None
    origin: TokenOrigin | None = None

    @cached_property
    def encoded(self) -> bytes:
        """This caller as JSON, made once for all its requests."""
        return self.model_dump_json().encode()

    @cached_property
    def plain(self) -> JsonObject:
        """This caller as plain values, made once for all its requests. Not to be changed."""
        return self.model_dump()
