"""What a decision answers, and a listing."""

from collections.abc import Awaitable, Callable

from modelward.contract.base import Contract
from modelward.contract.question import Input


class Reason(Contract):
    """One denial: the package name of the rule that denied, and its message for the caller (E3)."""

    rule: str
    message: str


class Target(Contract):
    """Where an allowed model goes: its entry, the name that led to it (an alias's target, a bare name under its
    provider), and the ids of the deployments that may serve this caller (C3, C5, C8)."""

    entry: str
    model: str
    deployments: list[str]


class Subject(Contract):
    """Whom the decision was made for: the team and user whose records were judged, the role of a token (R2), and
    whether it is an admin, who may see the records of others (A3)."""

    team_id: str | None
    user_id: str | None
    role: str | None
    admin: bool


class Decision(Contract):
    """One answer. `reasons` are in the order of A4 and A6, the first names the error; `grants` says, layer by layer,
    what covered each model; `revision` is the catalogue's."""

    allow: bool
    reasons: list[Reason]
    grants: dict[str, dict[str, str]]
    targets: dict[str, Target]
    subject: Subject
    revision: str


class Layer(Contract):
    """One rule's part in a decision: why it denies, what covers each model, and the list it held the models against,
    if it has one that applies."""

    denials: list[str]
    grants: dict[str, str]
    list: list[str] | None


class Explanation(Contract):
    """A decision with the part of every rule that had one, by rule name."""

    decision: Decision
    layers: dict[str, Layer]


class Listing(Contract):
    """What a caller may see: the models its calls would be allowed, and the groups its lists hold (V1-V3)."""

    models: list[str]
    groups: list[str]
    revision: str


Decide = Callable[[Input], Awaitable[Decision]]
Listings = Callable[[Input], Awaitable[Listing]]
Explain = Callable[[Input], Awaitable[Explanation]]
