"""What the requests and answers about subjects have in common: their fields are those of the subject's model."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, Field, JsonValue, create_model, model_validator
from pydantic.fields import FieldInfo

from modelward.admin.fields import (
    AliasMap,
    Items,
    JsonMap,
    KeyIds,
    Models,
    Name,
    Routes,
    small,
    unknown,
    unsupported,
)
from modelward.config.words import Words, is_set, litellm_words
from modelward.contract import Declarable, StoredRecord, read_fields

UserRole = Literal["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"]
MemberRole = Literal["admin", "user"]

_READ: dict[str, Any] = {
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


class RecordFields(BaseModel, strict=True, extra="allow"):
    """A subject's fields as a client sends them; what is not sent stays.

    `null` takes a field away that may be missing, unless it is LASTING, empties a list if EMPTIES, so that it grants
    nothing then, and else changes none, as an empty list would mean every model.

    What LiteLLM has beside the fields that decide is, as WORDS says: kept and shown again, such as budgets; dropped, as
    a copy of another record; or refused unless it is empty: a restriction that is not applied must not be accepted, nor
    what may hold credentials, which would be kept in clear and shown to a team's keys. INSTEAD says what to do in place
    of sending a field that is refused.
    """

    SUBJECT: ClassVar[type[Declarable]]
    WORDS: ClassVar[Words] = Words()
    LASTING: ClassVar[frozenset[str]] = frozenset()
    EMPTIES: ClassVar[bool] = False
    INSTEAD: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        known = sorted({*self.WORDS.kept, *type(self).model_fields})
        for name, value in (self.model_extra or {}).items():
            if name in self.WORDS.kept or name in self.WORDS.dropped:
                continue
            if name not in litellm_words().refused | litellm_words().refused_in_requests:
                raise unknown("field", name, known, self.INSTEAD)
            if is_set(value):
                raise unsupported(name, known, self.INSTEAD)
        small({**self.others, **{name: getattr(self, name) for name, field in self._sent() if field.exclude}})
        return self

    def changes(self, now: datetime) -> dict[str, Any]:
        """The subject's fields that were sent; `now` is what a duration counts from. Raises Invalid."""
        found = {}
        for name, field in self._sent():
            value = getattr(self, name)
            value = [] if value is None and self.EMPTIES and field.default == [] else value
            if value is not None or (field.default is None and name not in self.LASTING):
                found[name] = value
        return found

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing and is kept."""
        return {name: value for name, value in (self.model_extra or {}).items() if name in self.WORDS.kept}

    def _sent(self) -> Iterator[tuple[str, FieldInfo]]:
        fields = ((name, field) for name, word, field in read_fields(self.SUBJECT) if word in _READ)
        return ((name, field) for name, field in fields if name in self.model_fields_set)


class RecordAnswer(BaseModel, extra="allow"):
    """A subject; what a client sent beside the fields that decide is beside these."""

    SUBJECT: ClassVar[type[StoredRecord]]

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
        name: (_READ[word] | None, Field(None, description=field.description))
        for name, word, field in read_fields(base.SUBJECT)
        if word in _READ
    }
    return _with(base, fields)


def shows(base: type[A]) -> type[A]:
    """The answer with each field of its SUBJECT that is shown and that it does not have itself."""
    fields = base.SUBJECT.model_fields.items()
    return _with(base, {name: (field.annotation, ...) for name, field in fields if name not in _NOT_SHOWN})


def _with(base: type[M], fields: Mapping[str, tuple[Any, Any]]) -> type[M]:
    new: dict[str, Any] = {name: field for name, field in fields.items() if name not in base.model_fields}
    return create_model(base.__name__, __base__=base, __module__=base.__module__, __doc__=base.__doc__, **new)


def new_id() -> str:
    """The id of a record whose client chose none."""
    return str(uuid.uuid4())
