"""Who asks, with every record that a rule may need."""

from functools import cached_property
from typing import Literal

from modelward.contract.base import Contract, JsonObject
from modelward.contract.subjects import AccessGroup, Key, Member, Organization, Project, Team, User
from modelward.contract.token import Token

CallerKind = Literal["key", "jwt", "master"]


class TokenRecords(Contract):
    """The records that a token may stand for: which of them it does stand for, the rules say (R7, R8).

    `teams` and `users` are keyed by id, and hold whatever the token or the user's record names and the store knows;
    `teams_of_alias` are the ids of the teams that bear the claimed alias.
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
