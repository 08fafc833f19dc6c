"""What the requests and answers about subjects have in common: their fields are those of the subject's model."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue, PrivateAttr, create_model, model_validator

from modelward.admin.errors import changer
from modelward.admin.fields import AliasMap, Items, JsonMap, KeyIds, Models, Name, Routes, small
from modelward.admin.other_fields import kept
from modelward.contract import Declarable, StoredRecord, read_fields
from modelward.store import RecordTable

UserRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]
MemberRole = Literal["admin", "user"]

_WORDS: dict[str, Any] = {
    "name": Name,
    "text": Name,
    "models": Models,
    "names": Items,
    "key_ids": KeyIds,
    "routes": Routes,
    "aliases": AliasMap,
    "metadata": JsonMap,
    "switch": bool,
    "user_role": UserRole,
    "member_role": MemberRole,
}
"""What a client may send for a field whose annotation has that word; ids and times are read by each request itself."""
_NOT_SHOWN = {"extra", "objects_owner"}

M = TypeVar("M", bound=BaseModel)


class RecordFields(BaseModel):
    """A subject's fields as a client sends them; what is not sent stays.

    `null` takes a field away that may be missing, unless it is LASTING, empties an EMPTIED list, which grants nothing
    then, and changes no other, as an empty list would mean every model. The fields of KEPT decide nothing and are kept
    in `others`; those of IGNORED decide nothing and are dropped. INSTEAD says what to do in place of sending a field.
    """

    SUBJECT: ClassVar[type[Declarable]]
    LASTING: ClassVar[frozenset[str]] = frozenset()
    EMPTIED: ClassVar[frozenset[str]] = frozenset()
    KEPT: ClassVar[frozenset[str]] = frozenset()
    IGNORED: ClassVar[frozenset[str]] = frozenset()
    INSTEAD: ClassVar[Mapping[str, str]] = {}

    model_config = ConfigDict(strict=True, extra="allow")
    _others: dict[str, JsonValue] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        extra = {name: value for name, value in (self.model_extra or {}).items() if name not in self.IGNORED}
        self._others = kept(extra, self.KEPT, type(self).model_fields, self.INSTEAD)
        small({**self._others, **self._unseen()})
        return self

    def _unseen(self) -> dict[str, JsonValue]:
        """The subject's fields that were sent and that rules do not see."""
        names = [name for name, word, field in read_fields(self.SUBJECT) if word in _WORDS and field.exclude]
        return {name: getattr(self, name) for name in names if name in self.model_fields_set}

    def changes(self, now: datetime) -> dict[str, Any]:
        """The subject's fields that were sent; `now` is what a duration counts from. Raises Invalid."""
        found = {}
        for name, word, field in read_fields(self.SUBJECT):
            if word in _WORDS and name in self.model_fields_set:
                value = getattr(self, name)
                value = [] if value is None and name in self.EMPTIED else value
                if value is not None or (field.default is None and name not in self.LASTING):
                    found[name] = value
        return found

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing."""
        return self._others


class RecordAnswer(BaseModel):
    """A subject; what a client sent beside the fields that decide is beside these."""

    SUBJECT: ClassVar[type[StoredRecord]]

    model_config = ConfigDict(extra="allow")

    @classmethod
    def of(cls, record: StoredRecord, **named: object) -> Self:
        """The answer for a record; `named` are fields that no record holds."""
        held = {name: value for name, value in record if name in cls.model_fields}
        return cls.model_validate({**record.extra, **held, **named})


class SpendingAnswer(RecordAnswer):
    """A subject whose budgets are shown. They decide nothing."""

    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None


F = TypeVar("F", bound=RecordFields)
A = TypeVar("A", bound=RecordAnswer)


def reads(base: type[F]) -> type[F]:
    """The request with each field of its SUBJECT that a client may send and that it does not have itself."""
    fields = {
        name: (_WORDS[word] | None, Field(None, description=field.description))
        for name, word, field in read_fields(base.SUBJECT)
        if word in _WORDS
    }
    return _with(base, fields)


def shows(base: type[A]) -> type[A]:
    """The answer with each field of its SUBJECT that is shown and that it does not have itself."""
    fields = base.SUBJECT.model_fields.items()
    return _with(base, {name: (field.annotation, ...) for name, field in fields if name not in _NOT_SHOWN})


def _with(base: type[M], fields: Mapping[str, tuple[Any, Any]]) -> type[M]:
    new: dict[str, Any] = {name: field for name, field in fields.items() if name not in base.model_fields}
    return create_model(base.__name__, __base__=base, __module__=base.__module__, __doc__=base.__doc__, **new)


R = TypeVar("R", bound=StoredRecord)


def new_id() -> str:
    """The id of a record whose client chose none."""
    return str(uuid.uuid4())


def edited(record: R, sent: RecordFields, now: datetime, by: str) -> R:
    """The record with the fields that were sent. Raises Invalid."""
    changes = {**sent.changes(now), "extra": {**record.extra, **sent.others}}
    return stamped(record.model_copy(update=changes), now, by)


def stamped(record: R, now: datetime, by: str, what: str = "updated") -> R:
    """The record with who changed it when, as far as it says so."""
    stamp = {f"{what}_at": now, f"{what}_by": by}
    return record.model_copy(update={name: value for name, value in stamp.items() if name in type(record).model_fields})


class Records(Generic[R]):
    """Makes and changes the records of a table, as requests say. `now` gives the time in UTC."""

    def __init__(self, table: RecordTable[R], now: Callable[[], datetime]) -> None:
        self.table = table
        self.now = now

    def made(self, bare: R, sent: RecordFields, by: str) -> R:
        """A new record with the fields that were sent, not stored yet. Raises Invalid."""
        now = self.now()
        return stamped(edited(bare, sent, now, by), now, by, "created")

    async def make(self, bare: R, sent: RecordFields, request: Request) -> R:
        """Store a new record with the fields that were sent. Raises Invalid and Conflict."""
        return await self.table.add(self.made(bare, sent, changer(request)))

    async def change(self, record_id: str, sent: RecordFields, request: Request) -> R:
        """Change the fields of a record that were sent. Raises Invalid, NotFound and Conflict."""
        by, now = changer(request), self.now()
        return await self.table.change(record_id, lambda record: edited(record, sent, now, by))

    async def block(self, record_id: str, blocked: bool, request: Request) -> R:
        """Block or unblock. Raises NotFound and Conflict."""
        by, now = changer(request), self.now()
        return await self.table.change(
            record_id, lambda record: stamped(record.model_copy(update={"blocked": blocked}), now, by)
        )
