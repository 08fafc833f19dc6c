"""The texts in a case that stand for its key."""

import hashlib


def filled(text: str, key: str) -> str:
    """The text with the key, or the key's SHA-256, where a case leaves room for it."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return text.replace("<the key>", key).replace("<sha256 of the key>", digest)
