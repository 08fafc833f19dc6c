"""What its owner deletes is nobody's any more, from before the owner hears that it is gone."""

from dataclasses import dataclass

from modelward.contract import StateObject
from modelward.errors import StoreUnavailable
from modelward.gateway.decision_log import Entry
from modelward.gateway.forward import Call
from modelward.gateway.objects.store import ObjectStore
from modelward.gateway.reply import Reply


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Forgets `item` once its upstream says that it is deleted."""

    store: ObjectStore
    item: StateObject
    entry: Entry

    async def bound(self, reply: Reply, call: Call) -> Reply:
        """See `forward.Binding`: the reply itself, for the object is gone even where the store does not answer."""
        try:
            await self.store.forget(self.item.kind, self.item.id, self.item.owner)
        except StoreUnavailable as error:
            self.entry.error = str(error)
        return reply
