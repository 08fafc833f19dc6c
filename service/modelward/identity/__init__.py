"""Who asks: a credential from a request, and the caller it stands for."""

from modelward.identity.credential import credential
from modelward.identity.hashing import hash_of, key_hash
from modelward.identity.keys import Keys

__all__ = ["Keys", "credential", "hash_of", "key_hash"]
