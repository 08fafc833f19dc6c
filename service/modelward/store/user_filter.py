"""Which users are asked for."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, case, cast, not_, or_

from modelward.contract import Catalog
from modelward.store.json_lists import holds
from modelward.store.records import UserRecord
from modelward.store.tables import users


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What is `None` leaves all. `team` is one of the user's teams; `user_email` is a part of the address, `search` one
    of the id or the address, in any case (SQLite: of ASCII letters)."""

    role: str | None = None
    team: str | None = None
    user_ids: tuple[str, ...] | None = None
    user_email: str | None = None
    search: str | None = None

    def matches(self, user: UserRecord, _: Catalog) -> bool:
        """Whether a declared user is asked for."""
        email = str(user.extra.get("user_email") or "")
        return (
            self.role in (None, user.user_role)
            and (self.team is None or self.team in user.teams)
            and (self.user_ids is None or user.user_id in self.user_ids)
            and _in_any(self.user_email, email)
            and _in_any(self.search, user.user_id, email)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.role is not None:
            found.append(users.c.user_role == self.role)
        if self.team is not None:
            found.append(holds(users.c.teams, self.team))
        if self.user_ids is not None:
            found.append(users.c.user_id.in_(self.user_ids))
        if self.user_email:
            found.append(_email().icontains(self.user_email, autoescape=True))
        if self.search:
            of_id = users.c.user_id.icontains(self.search, autoescape=True)
            found.append(or_(of_id, _email().icontains(self.search, autoescape=True)))
        return found


def _in_any(part: str | None, *texts: str) -> bool:
    return not part or any(part.lower() in text.lower() for text in texts)


def _email() -> ColumnElement[str]:
    """PostgreSQL reads no field of a JSON text that holds NUL anywhere."""
    readable = not_(cast(users.c.extra, String).contains("\\u0000"))
    return case((readable, users.c.extra["user_email"].as_string()))
