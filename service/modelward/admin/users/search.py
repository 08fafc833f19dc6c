"""Which users a list asks for."""

from collections.abc import Iterable

from modelward.admin.users.requests import UserQuery
from modelward.store import UserRecord


def found(users: Iterable[UserRecord], query: UserQuery) -> list[UserRecord]:
    """Those that fit every part of the question that was sent."""
    return [user for user in users if _fits(user, query)]


def _fits(user: UserRecord, query: UserQuery) -> bool:
    email = str(user.extra.get("user_email") or "").lower()
    return (
        query.role in (None, user.user_role)
        and (query.team is None or query.team in user.teams)
        and (query.user_ids is None or user.user_id in [each.strip() for each in query.user_ids.split(",")])
        and (query.user_email or "").lower() in email
        and _holds(query.search, user.user_id.lower(), email)
    )


def _holds(part: str | None, *texts: str) -> bool:
    return part is None or any(part.lower() in text for text in texts)
