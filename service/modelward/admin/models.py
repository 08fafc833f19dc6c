"""The models of requests and answers. Those about a record have the fields of its subject's model."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, Field, JsonValue, create_model, model_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from modelward.admin.fields import BY_WORD, small, unknown, unsupported
from modelward.config.words import is_set, litellm_words
from modelward.contract import Declarable, StoredRecord, read_fields


def example(**fields: JsonValue) -> JsonDict:
    """What a model's `json_schema_extra` says of a request with these fields."""
    return {"examples": [fields]}


class ClosedFields(BaseModel, strict=True, extra="forbid"):
    """A JSON object of which no field may be unknown."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, sent: object) -> object:
        for name in sent if isinstance(sent, Mapping) else ():
            if name not in cls.model_fields:
                raise unknown("field", str(name), cls.model_fields)
        return sent


def names(model: str, says: str, **fields: tuple[Any, JsonValue]) -> type[ClosedFields]:
    """A request that only names records; each field has its type and an example."""
    extra = {"json_schema_extra": example(**{name: sent for name, (_, sent) in fields.items()})}
    types: dict[str, Any] = {name: kind for name, (kind, _) in fields.items()}
    return create_model(model, __base__=ClosedFields, __doc__=says, __cls_kwargs__=extra, **types)


def shape(model: str, says: str, **fields: Any) -> type[BaseModel]:
    """An answer with these fields."""
    return create_model(model, __doc__=says, **fields)


_NOT_SHOWN = {"extra", "objects_owner"}

M = TypeVar("M", bound=BaseModel)


class RecordFields(BaseModel, strict=True, extra="allow"):
    """A subject's fields as a client sends them; what is not sent stays.

    `null` takes a field away that may be missing, unless it is LASTING, empties a list if EMPTIES, so that it grants
    nothing then, and else changes none, as an empty list would mean every model.

    LiteLLM's fields that decide nothing are kept and shown again if KEPT, such as budgets, and dropped if DROPPED, as
    copies of another record. All others are refused unless they are empty: a restriction that is not applied must not
    be accepted, nor what may hold credentials, which would be kept in clear and shown to a team's keys. INSTEAD says
    what to do in place of sending a field that is refused.
    """

    SUBJECT: ClassVar[type[Declarable]]
    KEPT: ClassVar[frozenset[str]] = frozenset()
    DROPPED: ClassVar[frozenset[str]] = frozenset()
    LASTING: ClassVar[frozenset[str]] = frozenset()
    EMPTIES: ClassVar[bool] = False
    INSTEAD: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        known = sorted({*self.KEPT, *type(self).model_fields})
        for name, value in (self.model_extra or {}).items():
            if name in self.KEPT or name in self.DROPPED:
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
            if value is None and self.EMPTIES and field.default == []:
                value = []
            if value is not None or (field.default is None and name not in self.LASTING):
                found[name] = value
        return found

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing and is kept."""
        return {name: value for name, value in (self.model_extra or {}).items() if name in self.KEPT}

    def _sent(self) -> Iterator[tuple[str, FieldInfo]]:
        fields = ((name, field) for name, word, field in read_fields(self.SUBJECT) if word in BY_WORD)
        return ((name, field) for name, field in fields if name in self.model_fields_set)


def held(record: StoredRecord) -> dict[str, Any]:
    """What is shown of a record, with what a client sent beside the fields that decide."""
    return {**record.extra, **{name: value for name, value in record if name not in _NOT_SHOWN}}


class RecordAnswer(BaseModel, extra="allow"):
    """A subject, made of its record."""

    @model_validator(mode="before")
    @classmethod
    def _of_record(cls, shown: object) -> object:
        return held(shown) if isinstance(shown, StoredRecord) else shown


class SpendingAnswer(RecordAnswer):
    """A subject whose budgets are shown. They decide nothing."""

    spend: JsonValue = 0.0
    max_budget: JsonValue = None
    tpm_limit: JsonValue = None
    rpm_limit: JsonValue = None


F = TypeVar("F", bound=RecordFields)
A = TypeVar("A", bound=RecordAnswer)


def reads(subject: type[Declarable], section: str | None = None) -> Callable[[type[F]], type[F]]:
    """The request with each field of a subject that a client may send and that it does not have itself. `section` names
    the subject's words in the config's table."""
    fields = {
        name: (BY_WORD[word] | None, Field(None, description=field.description))
        for name, word, field in read_fields(subject)
        if word in BY_WORD
    }

    def filled(base: type[F]) -> type[F]:
        model = _with(base, fields)
        model.SUBJECT = subject
        if section is not None:
            row = litellm_words().records[section]
            model.KEPT, model.DROPPED = row.kept, row.dropped
        return model

    return filled


def shows(subject: type[StoredRecord]) -> Callable[[type[A]], type[A]]:
    """The answer with each field of a subject that is shown and that it does not have itself."""
    fields = {name: (field.annotation, ...) for name, field in subject.model_fields.items() if name not in _NOT_SHOWN}
    return lambda base: _with(base, fields)


def _with(base: type[M], fields: Mapping[str, tuple[Any, Any]]) -> type[M]:
    new: dict[str, Any] = {name: field for name, field in fields.items() if name not in base.model_fields}
    return create_model(base.__name__, __base__=base, __module__=base.__module__, __doc__=base.__doc__, **new)
