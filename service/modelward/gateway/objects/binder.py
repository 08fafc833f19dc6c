"""Objects that an upstream has told of become their owner's."""

from collections.abc import Sequence
from dataclasses import dataclass

from modelward.contract import Deployment, StateObject, Use
from modelward.gateway.accounts import beside
from modelward.gateway.objects.held import ObjectId
from modelward.gateway.objects.store import ObjectStore
from modelward.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds to one owner. Its methods raise StoreUnavailable."""

    store: ObjectStore
    owner: str
    snapshot: Snapshot

    async def bind(
        self, ids: Sequence[ObjectId], deployment: Deployment, uses: tuple[Use, ...] = ()
    ) -> Sequence[ObjectId]:
        """Bind what was made at `deployment`, or seen there; gives what another owner has too, now nobody's."""
        if not ids:
            return []
        made = [StateObject(kind, id_, self.owner, deployment.id, uses) for kind, id_ in ids]
        account = [each.id for each in beside(deployment, self.snapshot.deployments.values())]
        return await self.store.bind(made, account)

    async def bind_new(self, ids: Sequence[ObjectId], deployment: Deployment) -> Sequence[ObjectId]:
        """Bind those that are not the owner's yet: most were seen before, and looking costs less than writing."""
        held = await self.store.find_all(ids, self.owner) if ids else {}
        return await self.bind([each for each in ids if each not in held], deployment)
