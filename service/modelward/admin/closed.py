"""Requests that hold nothing but the fields named."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from modelward.admin.unknown_names import unknown


class _Closed(BaseModel):
    WHAT: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _known(cls, sent: object) -> object:
        for name in sent if isinstance(sent, Mapping) else ():
            if name not in cls.model_fields:
                raise unknown(cls.WHAT, str(name), cls.model_fields)
        return sent


class ClosedFields(_Closed):
    """A JSON object of which no field may be unknown."""

    WHAT = "field"
    model_config = ConfigDict(strict=True, extra="forbid")


class QueryFields(_Closed):
    """The parameters of a question; one that is not known is refused, as without it more would be answered."""

    WHAT = "parameter"
    model_config = ConfigDict(extra="forbid")
