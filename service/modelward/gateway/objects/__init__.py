"""Objects that live at an upstream: each is bound to who made it, and exists for nobody else."""

from modelward.gateway.objects.binding import Binder, in_event
from modelward.gateway.objects.held import HeldObjects, ObjectId, ObjectStore, only_place, owner_of
from modelward.gateway.objects.id_words import BATCH, known_purpose
from modelward.gateway.objects.ids import NamedObjects, ids_of, without_ids
from modelward.gateway.objects.lists import ObjectLists
from modelward.gateway.objects.objects import Objects, is_kept
