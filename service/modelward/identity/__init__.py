"""Who asks: a credential from a request, and the caller it stands for."""

from modelward.contract.facts import hash_of, key_hash
from modelward.identity.callers import Identity, credential, is_master, team_header
from modelward.identity.key_sets import KeySets
from modelward.identity.tokens import Tokens
