"""What the requests that make or change a record have in common."""

from datetime import datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, JsonValue, PrivateAttr, model_validator

from modelward.admin.fields import small
from modelward.admin.other_fields import kept


class RecordFields(BaseModel):
    """A record's fields as a client sends them; what is not sent stays.

    `null` changes no LASTING field, as an empty list would mean every model; it takes a CLEARABLE one away. SHOWN
    fields and those of KEPT decide nothing and are kept in `others`; those of IGNORED decide nothing and are dropped.
    """

    LASTING: ClassVar[frozenset[str]] = frozenset()
    CLEARABLE: ClassVar[frozenset[str]] = frozenset()
    SHOWN: ClassVar[frozenset[str]] = frozenset()
    KEPT: ClassVar[frozenset[str]] = frozenset()
    IGNORED: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(strict=True, extra="allow")
    _others: dict[str, JsonValue] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _sort_out(self) -> Self:
        extra = {name: value for name, value in (self.model_extra or {}).items() if name not in self.IGNORED}
        others = kept(extra, self.KEPT, type(self).model_fields)
        self._others = small({**others, **{name: getattr(self, name) for name in self.SHOWN & self.model_fields_set}})
        return self

    def changes(self, now: datetime) -> dict[str, Any]:
        """The fields that were sent, as columns; `now` is what a duration counts from. Raises Invalid."""
        sent = {name: getattr(self, name) for name in (self.LASTING | self.CLEARABLE) & self.model_fields_set}
        return {name: value for name, value in sent.items() if value is not None or name in self.CLEARABLE}

    @property
    def others(self) -> dict[str, JsonValue]:
        """What decides nothing."""
        return self._others
