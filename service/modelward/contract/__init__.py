"""The words shared with Rego: what a decision is asked with, what it is asked of, what it answers.

`bundle/schemas/` is printed from these classes. Times that rules see are nanoseconds since the epoch (UTC), key
hashes are 64 lower-case hex digits of SHA-256, grant lists are lists of names, patterns and groups (spec section 4).
"""

from modelward.contract.caller import (
    Caller,
    CallerKind,
    RoleMapping,
    RolePermission,
    ScopeMapping,
    Token,
    TokenOrigin,
    TokenRecords,
    TokenSettings,
)
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
    Input,
    Layer,
    Listing,
    Listings,
    Named,
    Operation,
    Owner,
    Reach,
    Reaches,
    Reason,
    Record,
    Request,
    RouteGroup,
    Shows,
    Subject,
    Target,
)
from modelward.contract.deployment import ClaimPaths, Deployment, Fallbacks, Issuer
from modelward.contract.objects import ObjectKind, StateObject, Use
from modelward.contract.rule import Rule, RuleRemedy
from modelward.contract.subjects import (
    AccessGroup,
    Contract,
    Customer,
    Declarable,
    JsonObject,
    Key,
    KeyMapping,
    Member,
    Organization,
    OwnsObjects,
    Project,
    Role,
    SignedRecord,
    StoredRecord,
    Team,
    User,
    read_fields,
)
