"""Which teams are asked for."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from modelward.contract import Catalog
from modelward.store.records import TeamRecord
from modelward.store.tables import members, teams


@dataclass(frozen=True, slots=True)
class TeamFilter:
    """What is `None` leaves all. `user_id` is a member of the team."""

    organization_id: str | None = None
    user_id: str | None = None

    def matches(self, team: TeamRecord, catalog: Catalog) -> bool:
        """Whether a declared team is asked for."""
        declared = catalog.declared_members.get(team.team_id, {})
        return self.organization_id in (None, team.organization_id) and (
            self.user_id is None or self.user_id in declared
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.organization_id is not None:
            found.append(teams.c.organization_id == self.organization_id)
        if self.user_id is not None:
            found.append(teams.c.team_id.in_(select(members.c.team_id).where(members.c.user_id == self.user_id)))
        return found
