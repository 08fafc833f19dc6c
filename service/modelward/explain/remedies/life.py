"""What is blocked, expired or switched off."""

from datetime import UTC, datetime, timedelta

from modelward.contract import Customer, Key, Project, Rule, Team
from modelward.explain.situation import Judged, Step, setting, title


def unblock(judged: Judged, rule: Rule) -> Step | None:
    """A record that is blocked."""
    record = judged.record(rule)
    return unblocked(judged, record) if isinstance(record, Key | Team | Project | Customer) else None


def unblocked(judged: Judged, record: Key | Team | Project | Customer) -> Step:
    """The record, let in again."""
    return setting(judged, record, f"set `blocked: false` on {title(record)}", {"blocked": False}, {"blocked": False})


def renew(judged: Judged, rule: Rule) -> Step | None:
    """A key that has expired gets another month (A2)."""
    key = judged.key
    if key is None:
        return None
    later = datetime.fromtimestamp(judged.request.time_ns / 1e9, UTC) + timedelta(days=30)
    words = f"give {title(key)} a later `expires`"
    return setting(judged, key, words, {"duration": "30d"}, {"expires": later})


def activate(judged: Judged, rule: Rule) -> Step | None:
    """A user that its identity provider has switched off (A2)."""
    user = judged.user
    if user is None:
        return None
    metadata = {**user.metadata, "scim_active": True}
    words = f"set `metadata.scim_active: true` on {title(user)}"
    return setting(judged, user, words, {"metadata": metadata}, {"metadata": metadata})


def full_role(judged: Judged, rule: Rule) -> Step | None:
    """A view-only admin calls no models (A2)."""
    user = judged.user
    if user is None:
        return None
    words = f"set `user_role: internal_user` on {title(user)}, or use a key of another user"
    return setting(judged, user, words, {"user_role": "internal_user"}, {"user_role": "internal_user"})
