"""Subjects, and the owners of what they made, in SQL: SQLite or PostgreSQL. A cache of the subjects, that a change
anywhere reaches within a second."""

from modelward.store.cache import SharedMark
from modelward.store.database import database_url
from modelward.store.members import MemberTable
from modelward.store.objects import ObjectTable
from modelward.store.record_table import CustomerTable, KeyFilter, KeyTable, RecordTable, TeamFilter, UserFilter
from modelward.store.store import Store, is_missing, open_read_only, open_store
