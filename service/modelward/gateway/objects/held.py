"""The objects that a request names, which are the caller's own, and where they live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modelward.contract import Deployment, ObjectKind, StateObject
from modelward.errors import Invalid, NotFound
from modelward.gateway.accounts import account, beside
from modelward.snapshot import Snapshot

ObjectId = tuple[ObjectKind, str]


@dataclass(frozen=True, slots=True)
class Held:
    """The caller's objects, in the order named, and a deployment in their account; `None` where there are no objects.

    `owner` is whom new objects of this request belong to, empty where it neither names nor makes any.
    """

    owner: str
    objects: tuple[StateObject, ...] = ()
    deployment: Deployment | None = None

    def narrow(self, deployments: Sequence[Deployment]) -> list[Deployment]:
        """Those where the objects live: all, if there are none. Raises Invalid when none is left."""
        if self.deployment is None:
            return list(deployments)
        there = beside(self.deployment, deployments)
        if not there:
            raise Invalid("the objects that the request names live where that model is not served; use another model")
        return there


def home(objects: Iterable[StateObject], snapshot: Snapshot, team_id: str | None) -> Deployment | None:
    """A deployment in the account of all these objects; `None` for no objects. `team_id` is the caller's team.

    Raises NotFound for an object whose deployment is not the caller's any more (C6), or gone from the config, and
    Invalid where they live in different accounts.
    """
    first: Deployment | None = None
    for each in objects:
        deployment = snapshot.deployments.get(each.deployment)
        if deployment is None or deployment.team_id not in {None, team_id}:
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
