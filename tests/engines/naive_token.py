"""Whom a token stands for: its role, user and team (R2, R3, R6 to R9)."""

from collections.abc import Callable, Iterator

from engines.naive_caller import NaiveCaller
from engines.naive_routes import on_the_list
from engines.naive_settings import NaiveSettings
from engines.naive_team import TeamChoice, single_team_id
from modelward.contract import Caller, Member, Request, Team, Token, User

TeamCovers = Callable[[Team], bool]


class NaiveToken:
    """One token's facts; the records say which of the ids it names are known."""

    def __init__(self, caller: Caller, settings: NaiveSettings) -> None:
        assert caller.token
        assert caller.records
        self._caller = caller
        self._token: Token = caller.token
        self._records = caller.records
        self._settings = settings

    def judged(self, request: Request, covers: TeamCovers, knows: TeamCovers) -> NaiveCaller:
        """The caller with its team, member and user; an admin by scope has its user's life only (R6, A2)."""
        user = self._user()
        if self._is_admin():
            refusals = [*self._client(), *self._admin_routes(request)]
            caller = self._caller.model_copy(update={"user": user})
            return NaiveCaller(caller, role="proxy_admin", scope_admin=True, refusals=tuple(refusals))
        mapped, role = self._mapped_role(), self._role()
        chosen = TeamChoice(self._token, self._records, self._settings, mapped, user, covers, knows).choose(request)
        team = chosen if isinstance(chosen, Team) else None
        records = {"team": team, "user": user, "member": self._member(user, team)}
        judged = NaiveCaller(self._caller.model_copy(update=records), role=role)
        unknown = [
            *([chosen] if isinstance(chosen, str) else []),
            *(["token_team_claim"] if role == "team" and chosen is None else []),
            *(["token_user"] if user is None and self._user_id() is not None else []),
        ]
        refusals = [
            *self._client(),
            *(["token_role"] if role is None and self._settings.enforce_roles else []),
            *unknown,
            *self._team_routes(team, request),
            *self._email(),
            *([] if self._stands_for_somebody(judged) else ["token_mapped"]),
        ]
        return NaiveCaller(judged.caller, role=role, refusals=tuple(refusals))

    def _is_admin(self) -> bool:
        return self._settings.admin_scope in self._token.scopes

    def _mapped_role(self) -> str | None:
        """The internal role of the first mapping that matches (R2)."""
        mappings = self._settings.role_mappings
        return next((each["internal_role"] for each in mappings if each["role"] in self._token.roles), None)

    def _role(self) -> str | None:
        """R2, but for the admin's scope."""
        allowed = self._settings.user_allowed_roles
        if single_team_id(self._token, self._mapped_role()) is not None:
            return "team"
        if allowed is None and self._token.user_id is not None:
            return "internal_user"
        if allowed is not None and set(allowed) & set(self._token.user_roles):
            return "internal_user"
        return self._mapped_role()

    def _user_id(self) -> str | None:
        if self._token.user_id is not None:
            return self._token.user_id
        by_role = self._token.object_id if self._mapped_role() == "internal_user" else None
        return by_role if by_role is not None else self._token.email

    def _user(self) -> User | None:
        """The record, or where users need none a user without role and lists (R8)."""
        user_id = self._user_id()
        if user_id is None or user_id in self._records.users:
            return self._records.users.get(user_id or "")
        return User(user_id=user_id) if self._settings.user_id_upsert else None

    def _member(self, user: User | None, team: Team | None) -> Member | None:
        if user is None or team is None:
            return None
        members = self._records.members
        return next((each for each in members if (each.user_id, each.team_id) == (user.user_id, team.team_id)), None)

    def _client(self) -> Iterator[str]:
        if self._settings.rejects_clients:
            yield "token_client"

    def _admin_routes(self, request: Request) -> Iterator[str]:
        if not on_the_list(self._settings.admin_allowed_routes, request):
            yield "token_admin_routes"

    def _stands_for_somebody(self, judged: NaiveCaller) -> bool:
        """R3."""
        maps_to = judged.role or judged.caller.team or judged.caller.user or [*judged.scopes(self._settings)]
        return bool(maps_to) or self._settings.allow_unmapped

    def _team_routes(self, team: Team | None, request: Request) -> Iterator[str]:
        if team and not on_the_list(self._settings.team_allowed_routes, request):
            yield "token_team_routes"

    def _email(self) -> Iterator[str]:
        """R8."""
        wanted, (_, _, domain) = self._settings.email_domain, (self._token.email or "").partition("@")
        if wanted is not None and domain != wanted:
            yield "token_email"
