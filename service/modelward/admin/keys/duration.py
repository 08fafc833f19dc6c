"""How long a key lives, in LiteLLM's words: `30s`, `30m`, `30h`, `30d`, `1w`, `1mo`."""

import calendar
import re
from datetime import UTC, datetime, timedelta

from modelward.errors import Invalid

_FORM = re.compile(r"([0-9]{1,9})(s|m|h|d|w|mo)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The end of a key that is to live longer than times can tell."""


def expiry_after(duration: str, now: datetime) -> datetime:
    """The time that lies `duration` after `now`, at most LATEST; a month ends on the same day, or the last of a shorter
    month. Raises Invalid.
    """
    form = _FORM.fullmatch(duration)
    if form is None:
        raise Invalid(f"`duration` cannot be `{duration[:50]}`: write `30s`, `30m`, `30h`, `30d`, `1w` or `1mo`")
    count, unit = int(form[1]), form[2]
    try:
        return _months_after(now, count) if unit == "mo" else now + timedelta(**{_UNITS[unit]: count})
    except (OverflowError, ValueError):
        return LATEST


def expiry_at(text: str) -> datetime:
    """An ISO 8601 time, at most LATEST; one without a zone is UTC (A2). Raises Invalid."""
    wrong = Invalid(f"`expires` cannot be `{text[:50]}`: write a time such as `2030-01-31T12:00:00Z`")
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        if time.year == LATEST.year:
            return LATEST
        raise wrong from None


def _months_after(now: datetime, count: int) -> datetime:
    years, month = divmod(now.month - 1 + count, 12)
    year = now.year + years
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))
