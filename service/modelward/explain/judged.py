"""Whose records a decision was made on, and which names a rule did not cover."""

from collections.abc import Mapping
from dataclasses import dataclass

from modelward.contract import Explanation, Key, Member, Organization, Project, Request, Team, Token, User
from modelward.explain.situation import Situation

Places = Mapping[tuple[str, str], str]
"""Where the config declares what, keyed by kind and id, as `file:line:column`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An explained situation."""

    situation: Situation
    explanation: Explanation
    places: Places

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.situation.asked.request

    @property
    def key(self) -> Key | None:
        """The key."""
        return self.situation.caller.key

    @property
    def token(self) -> Token | None:
        """The token."""
        return self.situation.caller.token

    @property
    def team(self) -> Team | None:
        """The team whose list counts: the key's, or the one that the token stands for."""
        records = self.situation.caller.records
        if records is None:
            return self.situation.caller.team
        return records.teams.get(self.explanation.decision.subject.team_id or "")

    @property
    def user(self) -> User | None:
        """The user whose record counts."""
        records = self.situation.caller.records
        if records is None:
            return self.situation.caller.user
        return records.users.get(self.explanation.decision.subject.user_id or "")

    @property
    def member(self) -> Member | None:
        """The user's membership in the team."""
        records, subject = self.situation.caller.records, self.explanation.decision.subject
        if records is None:
            return self.situation.caller.member
        found = [each for each in records.members if (each.team_id, each.user_id) == (subject.team_id, subject.user_id)]
        return found[0] if found else None

    @property
    def project(self) -> Project | None:
        """The key's project."""
        return self.situation.caller.project

    @property
    def organization(self) -> Organization | None:
        """The organization of the key or token itself."""
        named = self.key.organization_id if self.key else self.token.organization_id if self.token else None
        return self.situation.caller.organizations.get(named or "")

    @property
    def team_organization(self) -> Organization | None:
        """The team's organization."""
        return self.situation.caller.organizations.get((self.team and self.team.organization_id) or "")

    @property
    def role(self) -> str | None:
        """The token's role (R2)."""
        return self.explanation.decision.subject.role

    @property
    def names(self) -> list[str]:
        """The names that the lists must cover: the models, or what an alias of the key or team makes of them (C5)."""
        return [self._own(model) for model in self.request.models]

    def uncovered(self, rule: str) -> list[str]:
        """The names among them that `rule` does not cover, or covers without a deployment that may serve (C8)."""
        layer = self.explanation.layers.get(rule)
        covered = layer.grants if layer else {}
        models = [model for model in self.request.models if model not in covered]
        models = models or [model for model in self.request.models if not self._is_served(model)]
        return list(dict.fromkeys(self._own(model) for model in models))

    def _is_served(self, model: str) -> bool:
        target = self.explanation.decision.targets.get(model)
        return target is not None and bool(target.deployments)

    def _own(self, model: str) -> str:
        named = self.key.aliases.get(model, model) if self.key else model
        return self.team.model_aliases.get(named, named) if self.team else named
