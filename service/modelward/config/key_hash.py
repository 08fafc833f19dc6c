"""The SHA-256 of a key, as a config writes it (A1)."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelward.config.fields import resolve

_HASH = re.compile(r"sha256:([0-9a-fA-F]{64})")
_BARE_HASH = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")


def _digest(value: Any) -> Any:
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be `sha256:` and the 64 hex digits of the key's SHA-256")
    return found[1].lower()


def _bare_digest(value: Any) -> Any:
    found = _BARE_HASH.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("bad_hash", "must be the 64 hex digits of a key's SHA-256, with or without `sha256:`")
    return found[1].lower()


KeyHash = Annotated[str, BeforeValidator(_digest), BeforeValidator(resolve)]
KeyId = Annotated[str, BeforeValidator(_bare_digest), BeforeValidator(resolve)]
