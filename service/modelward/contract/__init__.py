"""The words shared with Rego: what a decision is asked with, what it is asked of, what it answers.

`bundle/schemas/` is printed from these classes. Times are nanoseconds since the epoch (UTC), key hashes are
64 lower-case hex digits of SHA-256, grant lists are lists of names, patterns and groups (spec section 4).
"""

from modelward.contract.base import Contract, JsonObject
from modelward.contract.caller import Caller, CallerKind, TokenOrigin, TokenRecords
from modelward.contract.catalog import (
    Alias,
    Catalog,
    Entry,
    Family,
    Fill,
    Folding,
    OutOfService,
    Scope,
    Settings,
    Unserved,
    Wildcard,
)
from modelward.contract.decision import (
    Decide,
    Decision,
    Explain,
    Explanation,
    Layer,
    Listing,
    Listings,
    Reason,
    Subject,
    Target,
)
from modelward.contract.deployment import Deployment
from modelward.contract.fallbacks import Fallbacks
from modelward.contract.issuer import ClaimPaths, Issuer
from modelward.contract.objects import ObjectKind, StateObject, Use
from modelward.contract.question import Input, Operation, Record, Request, RouteGroup
from modelward.contract.subjects import (
    AccessGroup,
    Customer,
    Key,
    Member,
    Organization,
    Project,
    Role,
    Team,
    User,
)
from modelward.contract.token import RoleMapping, RolePermission, ScopeMapping, Token, TokenSettings

__all__ = [
    "AccessGroup",
    "Alias",
    "Caller",
    "CallerKind",
    "Catalog",
    "ClaimPaths",
    "Contract",
    "Customer",
    "Decide",
    "Decision",
    "Deployment",
    "Entry",
    "Explain",
    "Explanation",
    "Fallbacks",
    "Family",
    "Fill",
    "Folding",
    "Input",
    "Issuer",
    "JsonObject",
    "Key",
    "Layer",
    "Listing",
    "Listings",
    "Member",
    "ObjectKind",
    "Operation",
    "Organization",
    "OutOfService",
    "Project",
    "Reason",
    "Record",
    "Request",
    "Role",
    "RoleMapping",
    "RolePermission",
    "RouteGroup",
    "Scope",
    "ScopeMapping",
    "Settings",
    "StateObject",
    "Subject",
    "Target",
    "Team",
    "Token",
    "TokenOrigin",
    "TokenRecords",
    "TokenSettings",
    "Unserved",
    "Use",
    "User",
    "Wildcard",
]
