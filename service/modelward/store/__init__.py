"""Subjects in SQL: SQLite or PostgreSQL, with a cache that a change anywhere reaches within a second."""

from modelward.store.keys import KeyFilter
from modelward.store.records import KeyRecord, TeamRecord, UserRecord
from modelward.store.store import Store, open_store
from modelward.store.url import DEFAULT_URL, check_url

__all__ = ["DEFAULT_URL", "KeyFilter", "KeyRecord", "Store", "TeamRecord", "UserRecord", "check_url", "open_store"]
