"""What a record shows of a declared subject, and gives the rules."""

from typing import Any

import pytest

from modelward.contract import AccessGroup, Customer, Key, Member, Organization, Project, Team, User
from modelward.store import (
    AccessGroupRecord,
    CustomerRecord,
    KeyRecord,
    MemberRecord,
    OrganizationRecord,
    ProjectRecord,
    TeamRecord,
    UserRecord,
)
from store.databases import HASH

LISTS: dict[str, Any] = {"models": ["gpt-4"], "metadata": {"a": 1}}
RECORDS: list[tuple[Any, Any]] = [
    (
        KeyRecord,
        Key(
            hash=HASH,
            alias="ci",
            aliases={"a": "b"},
            team_id="red",
            user_id="alice",
            project_id="web",
            organization_id="acme",
            access_group_ids=["beta"],
            expires_ns=1_893_456_000_000_001_000,
            blocked=True,
            allowed_routes=["/chat/completions"],
            **LISTS,
        ),
    ),
    (
        TeamRecord,
        Team(
            team_id="red",
            alias="Reds",
            model_aliases={"a": "b"},
            organization_id="acme",
            access_group_ids=["beta"],
            blocked=True,
            **LISTS,
        ),
    ),
    (MemberRecord, Member(user_id="alice", team_id="red", role="admin", models=["gpt-4"])),
    (UserRecord, User(user_id="alice", role="internal_user", teams=["red"], **LISTS)),
    (ProjectRecord, Project(project_id="web", alias="Web", team_id="red", blocked=True, **LISTS)),
    (OrganizationRecord, Organization(organization_id="acme", alias="Acme", **LISTS)),
    (CustomerRecord, Customer(customer_id="carol", alias="Carol", models=["gpt-4"], blocked=True)),
    (
        AccessGroupRecord,
        AccessGroup(
            access_group_id="beta",
            name="Beta",
            description="all of it",
            models=["gpt-4"],
            team_ids=["red"],
            key_hashes=[HASH],
        ),
    ),
]


@pytest.mark.parametrize(("kind", "subject"), RECORDS)
def test_a_record_holds_all_that_its_subject_says(kind: Any, subject: Any) -> None:
    fields = type(subject).model_fields
    shown_by_rules = {name: field for name, field in fields.items() if not field.exclude}
    assert [name for name, field in shown_by_rules.items() if getattr(subject, name) == field.default] == []
    shown = kind.of(subject)
    assert shown.declared
    assert shown.subject() == subject
