"""Objects that live at an upstream: each is bound to who made it, and exists for nobody else."""

from modelward.gateway.objects.held import Held, ObjectId
from modelward.gateway.objects.ids import ids_of
from modelward.gateway.objects.objects import Objects, ObjectStore
from modelward.gateway.objects.owner import owner_of

__all__ = ["Held", "ObjectId", "ObjectStore", "Objects", "ids_of", "owner_of"]
