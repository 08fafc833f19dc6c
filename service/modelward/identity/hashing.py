"""The hash of a key: the only form in which a key is kept (A1)."""

from hashlib import sha256


def key_hash(key: str) -> str:
    """64 lower-case hex digits of SHA-256 over the key's bytes, also of one that is not UTF-8."""
    return sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
