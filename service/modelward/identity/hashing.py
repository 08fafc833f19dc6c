"""The hash of a key: the only form in which a key is kept (A1)."""

from hashlib import sha256


def key_hash(key: str) -> str:
    """64 lower-case hex digits of SHA-256 over the key's bytes, also of one that is not UTF-8."""
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def hash_of(key_or_hash: str) -> str:
    """The hash that a management request means: it may name a key in clear text or by hash."""
    return key_hash(key_or_hash) if key_or_hash.startswith("sk-") else key_or_hash
