"""One config, compiled and ready to serve; the one in force, and the one that waits for its engine."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from modelward.contract import (
    Catalog,
    Decide,
    Deployment,
    Explain,
    Explanation,
    Fallbacks,
    Input,
    Issuer,
    Listings,
    Operation,
    Reaches,
    Rule,
)
from modelward.errors import DecisionUnavailable, Superseded


async def _no_trial(_: Catalog, __: Input) -> Explanation:
    raise DecisionUnavailable("this snapshot has no engine to try another catalogue with")


@dataclass(frozen=True)
class Snapshot:
    """All that one config means: its catalogue, its deployments by id, the rules by name, and the engine that decides.

    `admit` raises DecisionUnavailable where the engine has no room for another request of that operation.
    `at_once` says that the engine is the snapshot's own; any other has to be given the bundle first. `explain_by`
    explains by another catalogue, to see what a change would do; `model_fields` are places of a body in which
    the operator lets models be named (M7); `places` says where the config declares what, keyed by
    kind and id, as `file:line:column`. `decide_anew` asks the engine, where `decide` may know an answer.
    """

    revision: str
    catalog: Catalog
    deployments: Mapping[str, Deployment]
    decide: Decide
    list: Listings
    reach: Reaches
    explain: Explain
    close: Callable[[], None]
    at_once: bool = True
    master_key: str | None = field(default=None, repr=False)
    completion_model: str | None = None
    model_fields: tuple[str, ...] = ()
    fallbacks: Fallbacks = field(default_factory=Fallbacks)
    issuers: tuple[Issuer, ...] = ()
    explain_by: Callable[[Catalog, Input], Awaitable[Explanation]] = _no_trial
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    admit: Callable[[Operation], None] = lambda _: None
    decide_anew: Decide | None = None


class Snapshots:
    """The snapshot in force, and a newer one that waits until the engine decides by its revision.

    A request is identified, judged and carried out by one snapshot, so two configs are never mixed (K3). `changed` is
    called when another one comes into force.
    """

    def __init__(self, first: Snapshot) -> None:
        self.current = first
        self.pending: Snapshot | None = None
        self.changed: Callable[[], None] = lambda: None

    def offer(self, new: Snapshot) -> None:
        """Takes a newer snapshot: in force now, or once its engine decides by it."""
        if new.at_once or new.revision == self.current.revision:
            self._replace(new)
        else:
            self._drop_pending()
            self.pending = new

    def demand(self, snapshot: Snapshot, revision: str) -> None:
        """Holds that `snapshot` is in force, and that a decision on one of its requests was made by this revision.

        Raises Superseded when the engine decides by a newer snapshot, which is in force from now on, and
        DecisionUnavailable when it decides by a catalogue that is not known here.
        """
        self.hold(snapshot)
        if revision == snapshot.revision:
            return
        if self.pending is not None and revision == self.pending.revision:
            self._replace(self.pending)
        if revision == self.current.revision:
            raise Superseded("another config came into force")
        raise DecisionUnavailable(
            f"the engine decides by catalogue `{revision[:19]}`, this proxy serves `{self.current.revision[:19]}`; "
            "give the engine the bundle that `modelward build` makes of this config"
        )

    def hold(self, snapshot: Snapshot) -> None:
        """Raises Superseded where another snapshot than this one is in force."""
        if snapshot is not self.current:
            raise Superseded("another config came into force")

    def close(self) -> None:
        """Frees the engines."""
        self._drop_pending()
        self.current.close()

    def _replace(self, new: Snapshot) -> None:
        old, self.current = self.current, new
        if self.pending is not new:
            self._drop_pending()
        self.pending = None
        old.close()
        self.changed()

    def _drop_pending(self) -> None:
        if self.pending is not None:
            self.pending.close()
            self.pending = None
