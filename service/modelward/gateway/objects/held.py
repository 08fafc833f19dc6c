"""Whose the objects are that a request names or makes, and where they live."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from modelward.contract import Caller, Deployment, Key, ObjectKind, Owner, StateObject, Subject, Team, User
from modelward.errors import Invalid, NotFound, Refused
from modelward.gateway.judge import Verdict
from modelward.gateway.upstream.providers import account, beside, keeps_objects
from modelward.snapshot import Snapshot


def owner_of(caller: Caller, subject: Subject, *, required: bool = True) -> str:
    """The name that the decision's owner has in the store. What has a record owns under the record's `objects_owner`,
    so that a later record of the same id is another owner; what has none, or is declared in the config, under its id,
    such as `team:t1`. An empty text, whom no object belongs to, where the decision names no owner.

    Raises Refused, 403, where one is `required`: nothing can be bound to such a token.
    """
    owner = subject.owner
    if owner is None and required:
        raise Refused(
            "the token names no team and no user who could own files, batches and other objects; ask with one that "
            "does",
            kind="auth_error",
            status=403,
        )
    if owner is None or owner.kind == "master":
        return "" if owner is None else "master"
    record = _record(caller, owner)
    if record is None or record.objects_owner is None:
        return f"{owner.kind}:{owner.id}"
    return record.objects_owner


def _record(caller: Caller, owner: Owner) -> Key | Team | User | None:
    records = caller.records
    if owner.kind == "key":
        return caller.key if caller.key is not None and caller.key.token == owner.id else None
    if owner.kind == "team":
        known = caller.team if caller.team is not None and caller.team.team_id == owner.id else None
        return known or (records.teams.get(owner.id) if records else None)
    own = caller.user if caller.user is not None and caller.user.user_id == owner.id else None
    return own or (records.users.get(owner.id) if records else None)


ObjectId = tuple[ObjectKind, str]


@dataclass(frozen=True, slots=True)
class HeldObjects:
    """The caller's objects, in the order named, and a deployment in their account; `None` where there are no objects.

    `owner` is whom new objects of this request belong to, empty where it neither names nor makes any. `items` are the
    ids of the items that are sent whole, each with the deployment where it is the caller's, if it has an owner.
    """

    owner: str
    objects: tuple[StateObject, ...] = ()
    deployment: Deployment | None = None
    items: Mapping[str, Deployment | None] = field(default_factory=dict)

    def narrow(self, deployments: Sequence[Deployment]) -> list[Deployment]:
        """Those where the objects live, else where the last item does that is sent whole: all, if there are none.

        Raises Invalid when none is left for the objects.
        """
        if self.deployment is None:
            homes = [home for home in self.items.values() if home is not None]
            there = beside(homes[-1], deployments) if homes else []
            return there or list(deployments)
        there = beside(self.deployment, deployments)
        if not there:
            raise Invalid("the objects that the request names live where that model is not served; use another model")
        return there

    def strange(self, deployments: Sequence[Deployment]) -> frozenset[str]:
        """The ids of items sent whole that mean nothing to any of these deployments, and do not travel there."""
        accounts = {account(each) for each in deployments}
        known = {id_ for id_, place in self.items.items() if place is not None and {account(place)} == accounts}
        return frozenset(self.items.keys() - known)


def home(objects: Iterable[StateObject], snapshot: Snapshot, places: Sequence[Deployment] | None) -> Deployment | None:
    """A deployment in the account of all these objects, one of the decision's `places`; `None` for no objects. Without
    `places`, which a call of a model has none of, the objects narrow where it may go (see `HeldObjects.narrow`).

    Raises NotFound for an object in an account that has no place, or whose deployment is gone from the config, and
    Invalid where they live in different accounts.
    """
    first: Deployment | None = None
    for each in objects:
        deployment = snapshot.deployments.get(each.deployment)
        if deployment is not None and places is not None and deployment not in places:
            deployment = next(iter(beside(deployment, places)), None)
        if deployment is None:
            raise unknown((each.kind, each.id))
        first = first or deployment
        if account(deployment) != account(first):
            raise Invalid("the request names objects that live in different accounts; name those of one account")
    return first


def unknown(object_id: ObjectId) -> NotFound:
    """The refusal of an id, the same for one that is another's and one that nobody has."""
    kind, id_ = object_id
    shown = "" if id_.startswith("sk-") else f" `{id_[:100].encode('ascii', 'backslashreplace').decode()}`"
    return NotFound(f"this caller has no {kind.replace('_', ' ')}{shown}; check the id, and whose key made it")


def only_place(held: HeldObjects, verdict: Verdict) -> list[Deployment]:
    """The deployments to send a request to that names no model: where its objects live, else one account's.

    If there are providers that keep such objects, only they count. Raises Refused, 403, where no deployment is open to
    the caller, and Invalid where it names no object, and there are several accounts.
    """
    if held.deployment is not None:
        return [held.deployment]
    open_ = verdict.deployments(None)
    if not open_:
        raise Refused(
            "no deployment is open to this caller in which this could be made; GET /v1/models lists what it may call",
            kind="auth_error",
            status=403,
        )
    real = [each for each in open_ if each.mock_response is None] or open_
    places = [each for each in real if keeps_objects(each.provider)] or real
    if len(beside(places[0], places)) != len(places):
        raise Invalid(
            "there is more than one account in which this could be made; name a model that is served in the one to use "
            "with `?model=`"
        )
    return places


class ObjectStore(Protocol):
    """Where owners are kept; every method raises StoreUnavailable."""

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> Sequence[ObjectId]:
        """Bind all of these or none; `account` holds the ids of all deployments of the account they live in. Gives
        those that another owner has there: they have no owner now."""

    async def find_all(self, ids: Sequence[ObjectId], owner: str) -> dict[ObjectId, StateObject]:
        """Those of these objects that are the owner's."""

    async def known(self, ids: Sequence[ObjectId]) -> Collection[ObjectId]:
        """Those of these objects that anyone has, or that are contested."""

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, the newest first, or the oldest, those behind `after`."""

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object is gone."""
