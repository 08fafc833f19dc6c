"""Subjects, and the owners of what they made, in SQL: SQLite or PostgreSQL. A cache of the subjects, that a change
anywhere reaches within a second."""

from modelward.store.database import DEFAULT_URL, check_url
from modelward.store.filters import KeyFilter, TeamFilter, UserFilter
from modelward.store.members import MemberTable
from modelward.store.objects import ObjectTable
from modelward.store.read_only import is_missing, open_read_only
from modelward.store.record_table import CustomerTable, KeyTable, RecordTable
from modelward.store.store import Store, open_store
from modelward.store.trust import SharedMark
