"""The words shared with Rego: what a decision is asked with, what it is asked of, what it answers.

`bundle/schemas/` is printed from these classes. Times are nanoseconds since the epoch (UTC), key hashes are
64 lower-case hex digits of SHA-256, grant lists are lists of names, patterns and groups (spec section 4).
"""

from modelward.contract.base import Contract, JsonObject
from modelward.contract.catalog import Alias, Catalog, Entry, ProviderPrefix, Scope, Settings, Wildcard
from modelward.contract.decision import Decide, Decision, Listing, Listings, Reason, Target
from modelward.contract.deployment import Deployment
from modelward.contract.question import Input, Operation, Record, Request, RouteGroup
from modelward.contract.subjects import Caller, CallerKind, Key, Team, User

__all__ = [
    "Alias",
    "Caller",
    "CallerKind",
    "Catalog",
    "Contract",
    "Decide",
    "Decision",
    "Deployment",
    "Entry",
    "Input",
    "JsonObject",
    "Key",
    "Listing",
    "Listings",
    "Operation",
    "ProviderPrefix",
    "Reason",
    "Record",
    "Request",
    "RouteGroup",
    "Scope",
    "Settings",
    "Target",
    "Team",
    "User",
    "Wildcard",
]
