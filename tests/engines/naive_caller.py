"""Whom a question is judged for: a caller with the team, member and user that its credential stands for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.naive_settings import NaiveSettings
from modelward.contract import Caller, Team


@dataclass(frozen=True)
class NaiveCaller:
    """`caller` with its records chosen; `refusals` of that choice, `role` and `scope_admin` are a token's (R2)."""

    caller: Caller
    role: str | None = None
    scope_admin: bool = False
    refusals: tuple[str, ...] = ()

    @property
    def admin(self) -> bool:
        """Whether admin paths are open (A3, R6, R8)."""
        user = self.caller.user
        return (
            self.caller.kind == "master" or self.scope_admin or (user is not None and user.user_role == "proxy_admin")
        )

    @property
    def in_a_team(self) -> bool:
        """Whether the owner's own list falls away; a key whose team has no record still is in it (L4)."""
        return self.caller.team is not None or (self.caller.key is not None and self.caller.key.team_id is not None)

    @property
    def owner_teams(self) -> list[Team]:
        """The known teams of the owner (L11)."""
        caller = self.caller
        if caller.kind == "jwt" and caller.records and caller.user:
            return [caller.records.teams[one] for one in caller.user.teams if one in caller.records.teams]
        return caller.owner_teams

    def organization_ids(self) -> list[tuple[str, str]]:
        """The organizations that bind, each with the rule that refuses for it (L6); an admin by scope has no limits
        (R6)."""
        caller = self.caller
        if self.scope_admin:
            return []
        token = caller.token if caller.kind == "jwt" else None
        named = [("org_model_access", each.organization_id) for each in (caller.key, token) if each]
        named += [("team_org_model_access", caller.team.organization_id)] if caller.team else []
        return [(rule, one) for rule, one in named if one is not None]

    def scopes(self, settings: NaiveSettings) -> Iterator[dict[str, Any]]:
        """The `scope_mappings` whose scope the token holds (R5)."""
        held = self.caller.token.scopes if self.caller.token else []
        yield from (mapping for mapping in settings.scope_mappings if mapping["scope"] in held)
