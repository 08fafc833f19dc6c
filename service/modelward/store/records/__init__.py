"""The subjects as the admin API shows them, and the part of each that decides.

A record's `extra` holds what a client sent beside the fields that decide (budgets, rate limits ...): it is shown again
and decides nothing. `declared` says that the config file holds the record and the API cannot change it (K2). `of` makes
the record of a declared subject, `subject` what the rules see. Times are UTC.
"""

from modelward.store.records.access_group import AccessGroupRecord
from modelward.store.records.customer import CustomerRecord
from modelward.store.records.key import KeyRecord
from modelward.store.records.key_mapping import KeyMappingRecord
from modelward.store.records.member import MemberRecord
from modelward.store.records.organization import OrganizationRecord
from modelward.store.records.project import ProjectRecord
from modelward.store.records.team import TeamRecord
from modelward.store.records.user import UserRecord

__all__ = [
    "AccessGroupRecord",
    "CustomerRecord",
    "KeyMappingRecord",
    "KeyRecord",
    "MemberRecord",
    "OrganizationRecord",
    "ProjectRecord",
    "TeamRecord",
    "UserRecord",
]
