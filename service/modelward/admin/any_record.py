"""The records that are made, changed and shown alike."""

from typing import TypeVar

from modelward.store import (
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    KeyRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)

R = TypeVar(
    "R",
    AccessGroupRecord,
    CustomerRecord,
    KeyMappingRecord,
    KeyRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)
