"""Objects as rows: what a row can hold, and what it says."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Insert, Row
from sqlalchemy.dialects import postgresql, sqlite

from modelward.contract import ObjectKind, StateObject, Use
from modelward.errors import StoreUnavailable
from modelward.store.lookups import can_be_id
from modelward.store.tables import objects

ObjectKey = tuple[ObjectKind, str]
"""The kind and the id of an object."""

# PostgreSQL's primary key takes 2,704 bytes: an id of 512 characters in UTF-8, an owner, and the kind.
_ID_BYTES = 2_048
_OWNER_BYTES = 512
_DIGEST = "sha256:"


def can_be_object(object_id: str) -> bool:
    """Whether an object of that id can be bound: no other has a row."""
    return can_be_id(object_id) and len(object_id.encode()) <= _ID_BYTES


def owner_column(owner: str) -> str:
    """The owner as its column has it: itself, or a digest where the column could not hold it."""
    if can_be_id(owner) and len(owner.encode()) <= _OWNER_BYTES and not owner.startswith(_DIGEST):
        return owner
    return _DIGEST + sha256(owner.encode(errors="surrogatepass")).hexdigest()


def columns(item: StateObject, created_at: datetime) -> dict[str, Any]:
    """The row of an object. Raises StoreUnavailable for one that no row can hold."""
    if not (can_be_object(item.id) and can_be_id(item.deployment)):
        raise StoreUnavailable(
            f"the upstream gave an id to a {item.kind} that cannot be kept: it is longer than {_ID_BYTES} bytes, or "
            "holds what is no text; the object has no owner, and nobody can use it"
        )
    row = {"kind": item.kind, "id": item.id, "owner": owner_column(item.owner), "deployment": item.deployment}
    return {**row, "uses": [asdict(use) for use in item.uses], "created_at": created_at}


def state_object(row: Row[Any], kind: ObjectKind, owner: str) -> StateObject:
    """The object in a row of that kind and owner. Raises ValueError for a row that nobody here wrote."""
    if not isinstance(row.uses, list):
        raise ValueError("the uses of an object are no list")
    return StateObject(kind, row.id, owner, row.deployment, tuple(map(_use, row.uses)))


def _use(stored: object) -> Use:
    match stored:
        case {"path": str(path), "models": [*models], "upstream": [*upstream], "customer": None | str() as customer}:
            return Use(path, _texts(models), _texts(upstream), customer)
    raise ValueError("a use of an object is none")


def _texts(items: Sequence[object]) -> tuple[str, ...]:
    texts = tuple(item for item in items if isinstance(item, str))
    if len(texts) != len(items):
        raise ValueError("a model of a use is no text")
    return texts


def upsert(dialect: str, *changed: str) -> Insert:
    """The row as given, or where it is there already, these of its columns alone."""
    key = list(objects.primary_key)
    if dialect == "postgresql":
        new = postgresql.insert(objects)
        return new.on_conflict_do_update(index_elements=key, set_={name: new.excluded[name] for name in changed})
    newer = sqlite.insert(objects)
    return newer.on_conflict_do_update(index_elements=key, set_={name: newer.excluded[name] for name in changed})
