"""Which team a token stands for (R7)."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.naive_routes import on_the_list
from engines.naive_settings import NaiveSettings
from modelward.contract import Request, Team, Token, TokenRecords, User

Covers = Callable[[Team], bool]
Chosen = Team | str | None
"""A team, the rule that refuses instead, or neither: on to the next source."""


@dataclass(frozen=True)
class TeamChoice:
    """The sources of R7, one after the other. `covers` says whether a team's list covers every model asked for, `knows`
    whether the team sees an entry for each."""

    token: Token
    records: TokenRecords
    settings: NaiveSettings
    mapped_role: str | None
    user: User | None
    covers: Covers
    knows: Covers

    def choose(self, request: Request) -> Chosen:
        """What the first source says that is there."""
        sources = (self._header(), self._object(), self._claim(), self._claimed_list(request), self._of_the_user())
        return next((chosen for chosen in sources if chosen is not None), None)

    def _header(self) -> Chosen:
        wanted = self.token.chosen_team_id
        if wanted is None:
            return None
        single = single_team_id(self.token, self.mapped_role)
        if wanted not in {single, *self.token.team_ids, *self._of_alias_or_object()}:
            return "token_team_header"
        return self._known(wanted)

    def _of_alias_or_object(self) -> list[str | None]:
        bearers = self.records.teams_of_alias
        return [
            *(bearers if len(bearers) == 1 else []),
            *([self.token.object_id] if self.mapped_role == "team" else []),
        ]

    def _object(self) -> Chosen:
        if self.mapped_role != "team" or self.token.object_id is None:
            return None
        return self._known(self.token.object_id)

    def _claim(self) -> Chosen:
        single = single_team_id(self.token, self.mapped_role)
        if single is not None:
            chosen = self._known(single)
        elif self.token.team_alias is not None:
            bearers = self.records.teams_of_alias
            chosen = self._known(bearers[0]) if len(bearers) == 1 else "token_team_exists"
        else:
            needed = self.token.expects_team and not (self.token.team_id_default and self.token.team_ids)
            return "token_team_claim" if needed else None
        return None if chosen == "token_team_exists" and self.settings.team_claim_fallback else chosen

    def _claimed_list(self, request: Request) -> Chosen:
        if not self.token.team_ids:
            return "token_team_choice" if self.settings.enforce_team else None
        known = [self.records.teams[one] for one in sorted(self.token.team_ids) if one in self.records.teams]
        routed = on_the_list(self.settings.team_allowed_routes, request)
        usable = [team for team in known if routed and not team.blocked]
        fit = [team for team in usable if self.covers(team)]
        if not fit and self.settings.waives_lists(request):
            fit = usable
        knowing = [team for team in fit if self.knows(team)]
        return next(iter(knowing or fit), "token_team_choice")

    def _of_the_user(self) -> Chosen:
        if self.user is None or len(self.user.teams) != 1:
            return None
        return self._known(self.user.teams[0])

    def _known(self, team_id: str) -> Team | str:
        return self.records.teams.get(team_id, "token_team_exists")


def single_team_id(token: Token, mapped_role: str | None) -> str | None:
    """The claim for one team; the default only for a token that claims no team in any way."""
    claimed = [token.team_id, token.team_alias, *token.team_ids, token.object_id if mapped_role == "team" else None]
    return token.team_id if any(one is not None for one in claimed) else token.team_id_default
