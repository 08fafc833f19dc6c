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

LISTS: dict[str, Any] = {"models": ["gpt-4"], "metadata": {"a": 1}}
KEPT: dict[str, Any] = {
    "declared": True,
    "extra": {"max_budget": 1.5},
    "created_at": datetime(2026, 1, 31, tzinfo=UTC),
    "updated_at": datetime(2026, 1, 31, tzinfo=UTC),
    "created_by": "master",
    "updated_by": "master",
    "objects_owner": "key/1",
    "key_name": "sk-...lice",
    "expires": datetime(2030, 1, 1, 0, 0, 0, 1, UTC),
    "user_email": "alice@example.com",
    "user_alias": "Alice",
    "access_mcp_server_ids": ["github"],
    "access_agent_ids": ["helper"],
}
"""What rules do not see, of whichever kind has it."""
SUBJECTS: list[tuple[type[Declarable], dict[str, Any]]] = [
    (
        Key,
        {
            "token": HASH,
            "key_alias": "ci",
            "aliases": {"a": "b"},
            "team_id": "red",
            "user_id": "alice",
            "project_id": "web",
            "organization_id": "acme",
            "access_group_ids": ["beta"],
            "blocked": True,
            "allowed_routes": ["/chat/completions"],
            **LISTS,
        },
    ),
    (
        Team,
        {
            "team_id": "red",
            "team_alias": "Reds",
            "model_aliases": {"a": "b"},
            "organization_id": "acme",
            "access_group_ids": ["beta"],
            "blocked": True,
            **LISTS,
        },
    ),
    (Member, {"user_id": "alice", "team_id": "red", "role": "admin", "allowed_models": ["gpt-4"]}),
    (User, {"user_id": "alice", "user_role": "internal_user", "teams": ["red"], **LISTS}),
    (Project, {"project_id": "web", "project_alias": "Web", "team_id": "red", "blocked": True, **LISTS}),
    (Organization, {"organization_id": "acme", "organization_alias": "Acme", **LISTS}),
    (Customer, {"user_id": "carol", "alias": "Carol", "models": ["gpt-4"], "blocked": True}),
    (
        AccessGroup,
        {
            "access_group_id": "beta",
            "access_group_name": "Beta",
            "description": "all of it",
            "access_model_names": ["gpt-4"],
            "assigned_team_ids": ["red"],
            "assigned_key_ids": [HASH],
        },
    ),
]


@pytest.mark.parametrize(("kind", "seen"), SUBJECTS)
def test_rules_see_what_decides_and_nothing_else(kind: type[Declarable], seen: dict[str, Any]) -> None:
    own = {"metadata": {"crm": 7}} if kind is Customer else {"description": "search"} if kind is Project else {}
    kept = {name: value for name, value in {**KEPT, **own}.items() if name in kind.model_fields}
    subject = kind(**seen, **kept)
    assert kind.model_fields.keys() == seen.keys() | kept.keys()
    expiry = {"expires_ns": 1_893_456_000_000_001_000} if kind is Key else {}
    assert subject.model_dump() == {**seen, **expiry}


@pytest.mark.parametrize(("kind", "seen"), SUBJECTS)
def test_every_list_of_models_is_read_as_one(kind: type[Declarable], seen: dict[str, Any]) -> None:
    lists = [name for name, value in seen.items() if value == ["gpt-4"]]
    assert [name for name, word, _ in read_fields(kind) if word == "models"] == lists
