"""The objects that a request names, which are the caller's own, and where they live."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from modelward.contract import Deployment, ObjectKind, StateObject
from modelward.errors import Invalid, NotFound
from modelward.gateway.accounts import account, beside
from modelward.snapshot import Snapshot

ObjectId = tuple[ObjectKind, str]


@dataclass(frozen=True, slots=True)
class Held:
    """The caller's objects, in the order named, and a deployment in their account; `None` where there are no objects.

    `owner` is whom new objects of this request belong to, empty where it neither names nor makes any. `items` are the
    ids of the items that are sent whole, each with the deployment where it is the caller's, if it is anybody's.
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


def home(objects: Iterable[StateObject], snapshot: Snapshot, team_id: str | None) -> Deployment | None:
    """A deployment in the account of all these objects; `None` for no objects. `team_id` is the caller's team.

    Raises NotFound for an object whose deployment is not the caller's any more (C6), or gone from the config, and
    Invalid where they live in different accounts.
    """
    first: Deployment | None = None
    for each in objects:
        deployment = place_of(each, snapshot, team_id)
        if deployment is None:
            raise unknown((each.kind, each.id))
        first = first or deployment
        if account(deployment) != account(first):
            raise Invalid("the request names objects that live in different accounts; name those of one account")
    return first


def place_of(item: StateObject, snapshot: Snapshot, team_id: str | None) -> Deployment | None:
    """The deployment of an object; `None` where it is not the caller's any more (C6), or gone from the config."""
    deployment = snapshot.deployments.get(item.deployment)
    return deployment if deployment is not None and deployment.team_id in {None, team_id} else None


def unknown(object_id: ObjectId) -> NotFound:
    """The refusal of an id, the same for one that is another's and one that nobody has."""
    kind, id_ = object_id
    shown = "" if id_.startswith("sk-") else f" `{id_[:100].encode('ascii', 'backslashreplace').decode()}`"
    return NotFound(f"this caller has no {kind.replace('_', ' ')}{shown}; check the id, and whose key made it")
