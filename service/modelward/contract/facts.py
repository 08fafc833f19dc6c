"""Small facts that several rooms know: the hash of a key, times in nanoseconds, characters and words with a meaning."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

SPECIAL_NAMES = frozenset({"all-proxy-models", "all-team-models", "no-default-models"})
"""Words with a meaning of their own in grant lists: no group's or alias's name (G2, G7)."""
SPECIAL_ITEMS = SPECIAL_NAMES | {"*"}
"""Items of a grant list that are no model's name."""
EVERYTHING = frozenset({"*", "all-proxy-models"})
"""Items of a grant list that cover all models (G2)."""

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""A control character of ASCII."""
UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""A control character, or half of a character, which UTF-8 cannot write."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_hash(key: str) -> str:
    """64 lower-case hex digits of SHA-256 over the key's bytes, also of one that is not UTF-8 (A1)."""
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def hash_of(key_or_hash: str) -> str:
    """The hash that a management request means: it may name a key in clear text or by hash."""
    return key_hash(key_or_hash) if key_or_hash.startswith("sk-") else key_or_hash


def masked(name: str) -> str:
    """A name without what looks like a key in it: any part between slashes that begins as keys do (K4)."""
    if "sk-" not in name:
        return name
    return "/".join("sk-..." if part.startswith("sk-") else part for part in name.split("/"))


def shortened(text: str, longest: int = 100) -> str:
    """A client's own text as messages show it: at most `longest` characters, those left out told by dots."""
    kept = text if len(text) <= longest else f"{text[: longest - 3]}..."
    return UNPRINTABLE.sub("?", kept).replace("`", "?")


def nanoseconds(time: datetime) -> int:
    """A time as nanoseconds since the epoch; one without a zone is UTC."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(microseconds=1) * 1_000
