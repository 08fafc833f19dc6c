"""Whose the objects are that a request names or makes, and where they live."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from modelward.contract import Caller, Deployment, Key, ObjectKind, StateObject, Subject, Team, User
from modelward.errors import Invalid, NotFound, Refused
from modelward.gateway.upstream.providers import account, beside, keeps_objects
from modelward.snapshot import Snapshot


def owner_of(caller: Caller, subject: Subject) -> str:
    """The owner as a text; `subject` is the one that the decision was made for. What has a record owns under the
    record's `objects_owner`, so that a later record of the same id is another owner; what has none, or is declared in
    the config, under its id, such as `team:t1`.

    The key's team, else its user, else the key by its hash; a token's team, else its user. Raises Refused, 403, for a
    token that stands for neither: nothing can be bound to it.
    """
    if caller.kind == "master":
        return "master"
    key = caller.key
    team_id = key.team_id if key else subject.team_id
    user_id = key.user_id if key else subject.user_id
    if team_id:
        return _owner(_team(caller, team_id), f"team:{team_id}")
    if user_id:
        return _owner(_user(caller, user_id), f"user:{user_id}")
    if key:
        return _owner(key, f"key:{key.token}")
    raise Refused(
        "the token names no team and no user who could own files, batches and other objects; ask with one that does",
        kind="auth_error",
        status=403,
    )


def _owner(record: Key | Team | User | None, by_id: str) -> str:
    return by_id if record is None or record.objects_owner is None else record.objects_owner


def _team(caller: Caller, team_id: str) -> Team | None:
    if caller.team is not None and caller.team.team_id == team_id:
        return caller.team
    return caller.records.teams.get(team_id) if caller.records else None


def _user(caller: Caller, user_id: str) -> User | None:
    if caller.user is not None and caller.user.user_id == user_id:
        return caller.user
    return caller.records.users.get(user_id) if caller.records else None


def owner_or_nobody(caller: Caller, subject: Subject) -> str:
    """The owner (see `owner_of`), or an empty text, whom no object belongs to."""
    try:
        return owner_of(caller, subject)
    except Refused:
        return ""


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


def only_place(held: Held, snapshot: Snapshot, team_id: str | None) -> list[Deployment]:
    """The deployments to send it to. `team_id` is the caller's team: those of another are not its (C6).

    If there are providers that keep such objects, only they count. Raises Invalid where it names no object, and there
    are several accounts.
    """
    if held.deployment is not None:
        return [held.deployment]
    visible = [each for each in snapshot.deployments.values() if each.team_id in {None, team_id}]
    real = [each for each in visible if each.mock_response is None] or visible
    places = [each for each in real if keeps_objects(each.provider)] or real
    if not places or len(beside(places[0], places)) != len(places):
        raise Invalid(
            "there is more than one account in which this could be made; name a model that is served in the one to use "
            "with `?model=`"
        )
    return places


class ObjectStore(Protocol):
    """Where owners are kept; every method raises StoreUnavailable."""

    async def bind(self, objects: Sequence[StateObject], account: Collection[str]) -> Sequence[ObjectId]:
        """Bind all of these or none; `account` holds the ids of all deployments of the account they live in.

        Gives those that another owner has there: they are nobody's now.
        """
        ...

    async def find_all(self, ids: Sequence[ObjectId], owner: str) -> dict[ObjectId, StateObject]:
        """Those of these objects that are the owner's."""
        ...

    async def known(self, ids: Sequence[ObjectId]) -> Collection[ObjectId]:
        """Those of these objects that anybody has, or that are contested."""
        ...

    async def page(
        self, kind: ObjectKind, owner: str, *, limit: int, after: str | None, ascending: bool = False
    ) -> list[StateObject]:
        """At most `limit` of the owner's objects, the newest first, or the oldest, those behind `after`."""
        ...

    async def forget(self, kind: ObjectKind, id: str, owner: str) -> None:
        """The owner's object is gone."""
        ...
