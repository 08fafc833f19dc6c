"""Databases to open a store on, and the subjects to put into it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from modelward.contract import (
    AccessGroup,
    Catalog,
    Customer,
    Declarable,
    Key,
    Member,
    Organization,
    Project,
    Team,
    User,
)
from modelward.store.database import database_url

S = TypeVar("S", bound=Declarable)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HASH = sha256(b"sk-alice").hexdigest()
OTHER = sha256(b"sk-bob").hexdigest()

DECLARED = Catalog(
    declared_keys={OTHER: Key(token=OTHER, key_alias="declared", team_id="declared-team", user_id="declared-user")},
    declared_teams={"declared-team": Team(team_id="declared-team", models=["gpt-4"])},
    declared_members={"declared-team": {"declared-user": Member(team_id="declared-team", user_id="declared-user")}},
    declared_users={"declared-user": User(user_id="declared-user")},
    declared_projects={"declared-project": Project(project_id="declared-project")},
    declared_organizations={"declared-organization": Organization(organization_id="declared-organization")},
    declared_customers={"declared-customer": Customer(user_id="declared-customer")},
    declared_access_groups={"declared-group": AccessGroup(access_group_id="declared-group")},
)


def key(key_hash: str = HASH, **fields: Any) -> Key:
    """A key's record."""
    return Key(token=key_hash, created_at=NOW, updated_at=NOW, **fields)


def team(team_id: str = "red", **fields: Any) -> Team:
    """A team's record."""
    return Team(team_id=team_id, created_at=NOW, updated_at=NOW, **fields)


def changed(subject: S, **fields: Any) -> S:
    """The subject with other fields."""
    return subject.model_copy(update=fields)


def unowned(subject: S) -> S:
    """The subject without its random owner of objects."""
    return changed(subject, objects_owner=None)


@asynccontextmanager
async def by_hand(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection of nobody's store, whose statements commit one by one."""
    engine = create_async_engine(database_url(url), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def run_by_hand(url: str, *statements: str) -> None:
    """Run statements as an administrator would."""
    async with by_hand(url) as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def set_by_hand(url: str, table: str, **fields: Any) -> None:
    """Change fields of all documents of a table as an administrator would."""
    postgres = database_url(url).get_backend_name() == "postgresql"
    for name, value in fields.items():
        if postgres:
            changed_document = f"jsonb_set(CAST(document AS jsonb), '{{{name}}}', CAST(:value AS jsonb))"
        else:
            changed_document = f"json_set(document, '$.{name}', json(:value))"
        async with by_hand(url) as connection:
            statement = text(f"UPDATE {table} SET document = {changed_document}")
            await connection.execute(statement, {"value": json.dumps(value)})
