"""What every contract is."""

from typing import Any

from pydantic import BaseModel, ConfigDict

JsonObject = dict[str, Any]


class Contract(BaseModel):
    """A value both sides must agree on: immutable, and a field more or less is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
