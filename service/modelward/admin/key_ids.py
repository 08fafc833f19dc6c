"""How a request names a key: by its clear text or its hash, of which only the hash goes on (A1)."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from modelward.admin.fields import Name, NameInPath, wrong
from modelward.identity import key_hash

_HASH = re.compile("[0-9a-f]{64}")
_PREFIX = "sha256:"


def _digits(sent: str) -> str:
    digits = sent.removeprefix(_PREFIX).lower() if sent.startswith(_PREFIX) else sent
    if not _HASH.fullmatch(digits):
        raise wrong("must be a key's SHA-256: 64 lower-case hex digits, or `sha256:` and the digits")
    return digits


def _hash(sent: str) -> str:
    if sent.startswith("sk-"):
        return key_hash(sent)
    if not sent.startswith(_PREFIX) and not _HASH.fullmatch(sent):
        raise wrong("must be a key, which starts with `sk-`, or its SHA-256, 64 lower-case hex digits")
    return _digits(sent)


KeyHash = Annotated[Name, AfterValidator(_digits)]
"""A key by its hash alone."""
KeyId = Annotated[Name, AfterValidator(_hash)]
"""A key in clear text or by hash; what comes out is the hash. What is neither is refused and not repeated."""
KeyIds = Annotated[list[KeyId], Field(max_length=1_000)]
KeyIdInPath = Annotated[NameInPath, AfterValidator(_hash)]
