"""Who asks: a credential from a request, and the caller it stands for."""

from modelward.identity.callers import Identity, Keys
from modelward.identity.credential import credential, hash_of, key_hash, team_header
from modelward.identity.key_sets import JwksClient, KeySets
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
