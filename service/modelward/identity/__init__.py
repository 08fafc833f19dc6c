"""Who asks: a credential from a request, and the caller it stands for."""

from .credential import credential
from .hashing import hash_of, key_hash
from .keys import Keys

__all__ = ["Keys", "credential", "hash_of", "key_hash"]
