"""Drawn records of those who ask; their lists often hold what is asked for."""

from collections.abc import Iterable

from engines.drawn import Draws
from engines.words import ALIASES, GROUP_IDS, ORGANIZATION_IDS, TEAM_IDS, TEAMS, UNKNOWN_TEAM
from modelward.contract import AccessGroup, Customer, Member, Organization, Project, Team, User

KEY_HASH = "0" * 64
_ROLES = [*[None, "internal_user", "team"] * 3, "proxy_admin", "proxy_admin_viewer"]


class RecordDice:
    """Draws records. `words` are the names that come to something, `asked` those that the request names."""

    def __init__(self, draws: Draws, words: list[str], asked: list[str]) -> None:
        self._dice = draws
        self._words = words
        self._asked = asked

    def grants(self) -> list[str]:
        """A grant list."""
        return self._dice.grants(self._words, self._asked)

    def flat_aliases(self) -> dict[str, str]:
        """Aliases of a key or a team, every target final."""
        if self._dice.rarely(80):
            return {}
        names = self._dice.different(["mine", "ours", *ALIASES, *self._words], 2)
        aliases = {name: self._dice.pick([*self._words, "ghost"]) for name in names}
        return {alias: target for alias, target in aliases.items() if target not in aliases}

    def team(self, team_id: str) -> Team:
        """A team's record."""
        return Team(
            team_id=team_id,
            team_alias=self._dice.pick_or_none(["red"], 40),
            models=self.grants(),
            model_aliases=self.flat_aliases(),
            organization_id=self.organization_id(25),
            access_group_ids=self.group_ids(),
            blocked=self._dice.rarely(5),
        )

    def user(self, user_id: str) -> User:
        """A user's record."""
        return User(
            user_id=user_id,
            user_role=self._dice.pick(_ROLES),
            models=self.grants(),
            teams=self._dice.different([*TEAM_IDS * 4, UNKNOWN_TEAM], 2),
            metadata={"scim_active": not self._dice.rarely(4)}
            if not self._dice.rarely(2)
            else {"scim_active": "false"},
        )

    def member(self, user_id: str, team_id: str) -> Member:
        """A member's record."""
        return Member(user_id=user_id, team_id=team_id, allowed_models=self.grants())

    def project(self) -> Project:
        """The project's record."""
        return Project(project_id="p1", models=self.grants(), blocked=self._dice.rarely(8))

    def customer(self) -> Customer:
        """The customer's record."""
        return Customer(user_id="c1", models=self.grants(), blocked=self._dice.rarely(8))

    def organizations(self, named: Iterable[str | None]) -> dict[str, Organization]:
        """The records of those named ones that exist."""
        known = {*named} & {*ORGANIZATION_IDS}
        return {one: Organization(organization_id=one, models=self.grants()) for one in sorted(filter(None, known))}

    def access_groups(self, named: Iterable[str]) -> dict[str, AccessGroup]:
        """The records of those named ones that exist."""
        return {one: self._access_group(one) for one in sorted({*named} & {*GROUP_IDS[:2]})}

    def organization_id(self, percent: float) -> str | None:
        """An organization's id, seldom one without a record."""
        return self._dice.pick_or_none([*ORGANIZATION_IDS * 6, "o9"], percent)

    def group_ids(self) -> list[str]:
        """The ids of unified access groups, mostly none."""
        return self._dice.different(GROUP_IDS, 2) if self._dice.rarely(30) else []

    def _access_group(self, group_id: str) -> AccessGroup:
        return AccessGroup(
            access_group_id=group_id,
            access_model_names=self.grants(),
            assigned_team_ids=self._dice.different(TEAMS, 2),
            assigned_key_ids=[KEY_HASH] if self._dice.rarely(25) else [],
        )
