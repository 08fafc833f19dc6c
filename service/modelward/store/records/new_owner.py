"""Whom the objects belong to that a new record makes."""

from uuid import uuid4


def new_owner(kind: str) -> str:
    """An owner that nobody was and nobody will be, for a record of that kind."""
    return f"{kind}/{uuid4().hex}"
