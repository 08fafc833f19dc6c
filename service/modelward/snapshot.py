"""One config, compiled and ready to serve; and those that are in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from modelward.contract import Catalog, Decide, Deployment, Listings
from modelward.errors import DecisionUnavailable


@dataclass(frozen=True)
class Snapshot:
    """All that one config means: its catalogue, its deployments by id, and the engine that decides by it."""

    revision: str
    catalog: Catalog
    deployments: Mapping[str, Deployment]
    decide: Decide
    list: Listings
    close: Callable[[], None]
    master_key: str | None = field(default=None, repr=False)
    completion_model: str | None = None


class Snapshots:
    """The snapshot in force, and the one before it.

    A decision is carried out with the deployments of its own revision, so two configs are never mixed (K3): an OPA
    server that still holds the bundle before is followed with the snapshot before.
    """

    def __init__(self, first: Snapshot) -> None:
        self.current = first
        self._before: Snapshot | None = None

    def replace(self, new: Snapshot) -> None:
        """Puts `new` in force, and frees the engine of the snapshot that is two behind."""
        if self._before is not None:
            self._before.close()
        self._before, self.current = self.current, new

    def of(self, revision: str) -> Snapshot:
        """The snapshot of a decision's revision. Raises DecisionUnavailable when the engine decides by another one."""
        for snapshot in (self.current, self._before):
            if snapshot is not None and snapshot.revision == revision:
                return snapshot
        raise DecisionUnavailable(
            f"the engine decides by catalogue `{revision[:19]}`, this proxy serves `{self.current.revision[:19]}`; "
            "give the engine the bundle that `modelward build` makes of this config"
        )

    def close(self) -> None:
        """Frees both engines."""
        for snapshot in (self.current, self._before):
            if snapshot is not None:
                snapshot.close()
