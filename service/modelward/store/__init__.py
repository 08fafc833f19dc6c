"""Subjects in SQL: SQLite or PostgreSQL, with a cache that a change anywhere reaches within a second."""

from .keys import KeyFilter
from .records import KeyRecord, TeamRecord, UserRecord
from .store import Store, open_store
from .url import DEFAULT_URL

__all__ = ["DEFAULT_URL", "KeyFilter", "KeyRecord", "Store", "TeamRecord", "UserRecord", "open_store"]
