"""A record as a request leaves it."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from modelward.admin.any_record import R
from modelward.admin.record_fields import RecordFields


def made(record: R, sent: RecordFields, now: datetime, by: str) -> R:
    """A new record with the fields that were sent. Raises Invalid."""
    return _stamped(edited(record, sent, now, by), "created", now, by)


def edited(record: R, sent: RecordFields, now: datetime, by: str) -> R:
    """The record with the fields that were sent. Raises Invalid."""
    changed = replace(record, **sent.changes(now), extra={**record.extra, **sent.others})
    return stamped(changed, now, by)


def stamped(record: R, now: datetime, by: str) -> R:
    """The record with who changed it when, as far as it says so."""
    return _stamped(record, "updated", now, by)


def _stamped(record: R, what: str, now: datetime, by: str) -> R:
    stamp: dict[str, Any] = {f"{what}_at": now, f"{what}_by": by}
    return replace(record, **{field.name: stamp[field.name] for field in fields(record) if field.name in stamp})
