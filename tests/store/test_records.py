"""What rules see of a subject, and what is kept beside it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from modelward.contract import (
    AccessGroup,
    Customer,
    Declarable,
    Key,
    Member,
    Organization,
    Project,
    Team,
    User,
    read_fields,
)
from store.databases import HASH

_RECORD = {"declared", "extra", "created_at", "updated_at"}
_SIGNED = _RECORD | {"created_by", "updated_by"}
UNSEEN: dict[type[Declarable], set[str]] = {
    Key: _SIGNED | {"key_name", "expires", "objects_owner"},
    Team: _RECORD | {"objects_owner"},
    Member: {"declared"},
    User: _RECORD | {"objects_owner", "user_email", "user_alias"},
    Project: _SIGNED | {"description"},
    Organization: _SIGNED,
    Customer: _RECORD | {"metadata"},
    AccessGroup: _SIGNED | {"access_mcp_server_ids", "access_agent_ids"},
}
"""What rules do not see of each kind."""
IDS: dict[str, Any] = {
    "token": HASH,
    "team_id": "red",
    "user_id": "alice",
    "project_id": "web",
    "organization_id": "acme",
    "access_group_id": "beta",
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_rules_see_every_field_but_these(kind: type[Declarable]) -> None:
    subject = kind(**{name: value for name, value in IDS.items() if name in kind.model_fields})
    derived = {"expires_ns"} if kind is Key else set()
    assert subject.model_dump().keys() - derived == kind.model_fields.keys() - UNSEEN[kind]


@pytest.mark.parametrize("kind", UNSEEN)
def test_a_field_that_a_list_of_models_is_in_is_read_as_one(kind: type[Declarable]) -> None:
    lists = [name for name in kind.model_fields if name in ("models", "allowed_models", "access_model_names")]
    assert [name for name, word, _ in read_fields(kind) if word == "models"] == lists


@pytest.mark.parametrize(("expires", "expected"), [
    (None, None),
    (datetime(2030, 1, 1, 0, 0, 0, 1, UTC), 1_893_456_000_000_001_000),
    (datetime(9999, 12, 31, tzinfo=UTC), 2**63 - 1),
])  # fmt: skip
def test_rules_see_when_a_key_expires_in_nanoseconds(expires: datetime | None, expected: int | None) -> None:
    assert Key(token=HASH, expires=expires).model_dump()["expires_ns"] == expected
