"""What the requests and answers about records have in common."""

from collections.abc import Mapping, Set
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, PrivateAttr, model_validator

from modelward.admin.fields import small
from modelward.admin.other_fields import kept
from modelward.store import (
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    KeyRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)

R = TypeVar(
    "R",
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    KeyRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)


class RecordFields(BaseModel):
    """A record's fields as a client sends them; what is not sent stays.

    `null` changes no LASTING field, as an empty list would mean every model; it takes a CLEARABLE one away, and empties
    an EMPTIED list, which grants nothing then. SHOWN fields and those of KEPT decide nothing and are kept in `others`;
    those of IGNORED decide nothing and are dropped. INSTEAD says what to do in place of sending a field.
    """

    LASTING: ClassVar[frozenset[str]] = frozenset()
    CLEARABLE: ClassVar[frozenset[str]] = frozenset()
    EMPTIED: ClassVar[frozenset[str]] = frozenset()
    SHOWN: ClassVar[frozenset[str]] = frozenset()
    KEPT: ClassVar[frozenset[str]] = frozenset()
    IGNORED: ClassVar[frozenset[str]] = frozenset()
    INSTEAD: ClassVar[Mapping[str, str]] = {}

    model_config = ConfigDict(strict=True, extra="allow")
    _others: dict[str, JsonValue] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        extra = {name: value for name, value in (self.model_extra or {}).items() if name not in self.IGNORED}
        others = kept(extra, self.KEPT, type(self).model_fields, self.INSTEAD)
        self._others = small({**others, **self._sent(self.SHOWN)})
        return self

    def changes(self, now: datetime) -> dict[str, Any]:
        """The fields that were sent, as columns; `now` is what a duration counts from. Raises Invalid."""
        sent = self._sent((self.LASTING | self.CLEARABLE | self.EMPTIED) - self.SHOWN)
        return {name: value for name, value in sent.items() if value is not None or name in self.CLEARABLE}

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing."""
        return self._others

    def _sent(self, names: Set[str]) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in names & self.model_fields_set}
        return {name: [] if value is None and name in self.EMPTIED else value for name, value in values.items()}


class RecordAnswer(BaseModel):
    """A record; what a client sent beside the fields that decide stands beside these."""

    model_config = ConfigDict(extra="allow")
    created_at: datetime | None
    updated_at: datetime | None
    declared: bool

    @classmethod
    def of(cls, record: R, **named: object) -> Self:
        """The answer for a record; `named` are fields that no record holds."""
        held = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        return cls.model_validate({**record.extra, **held, **named})


class SpendingAnswer(RecordAnswer):
    """A record whose budgets are shown. They decide nothing."""

    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None


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
