"""Who asks: a credential from a request, and the caller it stands for."""

from modelward.identity.callers import Identity
from modelward.identity.credential import credential, team_header
from modelward.identity.hashing import hash_of, key_hash
from modelward.identity.jwks import JwksClient
from modelward.identity.key_sets import KeySets
from modelward.identity.keys import Keys
from modelward.identity.tokens import Tokens

__all__ = [
    "Identity",
    "JwksClient",
    "KeySets",
    "Keys",
    "Tokens",
    "credential",
    "hash_of",
    "key_hash",
    "team_header",
]
