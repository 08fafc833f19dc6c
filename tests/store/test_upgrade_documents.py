"""A database of the schema in which every field of a record had a column."""

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, select, text

from modelward.contract import (
    AccessGroup,
    Catalog,
    Customer,
    Declarable,
    Key,
    KeyMapping,
    Member,
    Organization,
    Project,
    Team,
    User,
)
from modelward.errors import StoreUnavailable
from modelward.store import RecordTable, Store, open_store
from store.databases import HASH, NOW, by_hand
from store.first_schema import fill, key_row
from store.schema import differences

LATER = NOW + timedelta(days=1)
LISTS: dict[str, Any] = {"models": ["gpt-4", "ü*"], "metadata": {"a": [1, None, {"ü": True}]}}
SEEN: dict[str, Any] = {"extra": {"max_budget": 1.5}, "created_at": NOW, "updated_at": LATER}
SIGNED: dict[str, Any] = {**SEEN, "created_by": "master", "updated_by": "alice"}
FIELDS: dict[type[Declarable], dict[str, Any]] = {
    Key: {
        "token": HASH,
        "key_name": "sk-...lice",
        "key_alias": "ci",
        "aliases": {"a": "b"},
        "team_id": "red",
        "user_id": "alice",
        "project_id": "web",
        "organization_id": "acme",
        "access_group_ids": ["beta"],
        "expires": LATER,
        "blocked": True,
        "allowed_routes": ["/chat/completions"],
        "objects_owner": "key/1",
        **LISTS,
        **SIGNED,
    },
    Team: {
        "team_id": "red",
        "team_alias": "Reds",
        "model_aliases": {"a": "b"},
        "organization_id": "acme",
        "access_group_ids": ["beta"],
        "blocked": True,
        "objects_owner": "team/1",
        **LISTS,
        **SEEN,
    },
    User: {
        "user_id": "alice",
        "user_role": "proxy_admin",
        "user_email": "alice@example.com",
        "user_alias": "Alice",
        "teams": ["red"],
        "objects_owner": "user/1",
        **LISTS,
        **SEEN,
    },
    Member: {"team_id": "red", "user_id": "alice", "role": "admin", "allowed_models": ["gpt-4"]},
    Project: {
        "project_id": "web",
        "project_alias": "Web",
        "description": "the site",
        "team_id": "red",
        "blocked": True,
        **LISTS,
        **SIGNED,
    },
    Organization: {"organization_id": "acme", "organization_alias": "Acme", **LISTS, **SIGNED},
    Customer: {
        "user_id": "carol",
        "alias": "Carol",
        "models": ["gpt-4"],
        "blocked": True,
        "metadata": {"crm": 7},
        **SEEN,
    },
    AccessGroup: {
        "access_group_id": "beta",
        "access_group_name": "Beta",
        "description": "all of it",
        "access_model_names": ["gpt-4"],
        "access_mcp_server_ids": ["github"],
        "access_agent_ids": ["helper"],
        "assigned_team_ids": ["red"],
        "assigned_key_ids": [HASH],
        **SIGNED,
    },
    KeyMapping: {
        "id": "1",
        "jwt_claim_name": "sub",
        "jwt_claim_value": "ci",
        "token": HASH,
        "description": "for the CI",
        **SIGNED,
    },
}
"""Every field of every kind of record."""
SHOWN = {"user_email", "user_alias", "access_mcp_server_ids", "access_agent_ids"}
TABLES: dict[str, type[Declarable]] = {
    "keys": Key,
    "teams": Team,
    "users": User,
    "members": Member,
    "projects": Project,
    "organizations": Organization,
    "customers": Customer,
    "access_groups": AccessGroup,
    "key_mappings": KeyMapping,
}


def former_row(kind: type[Declarable]) -> dict[str, Any]:
    """The record as the fourth schema kept it: some fields in `extra`."""
    shown = SHOWN | ({"metadata"} if kind is Customer else {"description"} if kind is Project else set())
    row = {name: value for name, value in FIELDS[kind].items() if name not in shown}
    if shown & FIELDS[kind].keys():
        row["extra"] = {**row["extra"], **{name: FIELDS[kind][name] for name in shown & FIELDS[kind].keys()}}
    if kind is KeyMapping:
        row["key_hash"] = row.pop("token")
    return key_row(row)


async def fill_fourth_schema(url: str, **more: list[dict[str, Any]]) -> None:
    """Make the fourth schema in an empty database, with a record of every kind, and some more."""
    rows = {table: [former_row(kind), *more.get(table, [])] for table, kind in TABLES.items()}
    await fill(url, "0004", **rows)


def table_of(store: Store, kind: type[Declarable]) -> RecordTable[Any]:
    """The table of that kind of record."""
    table: RecordTable[Any] = getattr(store, next(name for name, each in TABLES.items() if each is kind))
    return table


async def test_an_upgrade_keeps_every_field_of_every_record(url: str) -> None:
    await fill_fourth_schema(url)
    async with open_store(url, declared=Catalog) as store:
        for kind in TABLES.values():
            if kind is Member:
                assert await store.members.of_team("red") == [Member(**FIELDS[Member])]
            else:
                assert await table_of(store, kind).all() == [kind(**FIELDS[kind])]
    async with by_hand(url) as connection:
        assert await connection.run_sync(differences) == []


async def test_what_is_no_field_stays_among_what_decides_nothing(url: str) -> None:
    odd = {**former_row(Customer), "user_id": "dave", "extra": {"metadata": "odd", "spend": 1}}
    await fill_fourth_schema(url, customers=[odd])
    async with open_store(url, declared=Catalog) as store:
        dave = await store.customers.get("dave")
        assert (dave.metadata, dave.extra) == (None, {"metadata": "odd", "spend": 1})


async def test_an_address_that_no_column_can_hold_stays_among_what_decides_nothing(url: str) -> None:
    odd = {**former_row(User), "user_id": "dave", "extra": {"user_email": "a\x00b", "user_alias": "\ud800"}}
    await fill_fourth_schema(url, users=[odd])
    async with open_store(url, declared=Catalog) as store:
        dave = await store.users.get("dave")
        assert (dave.user_email, dave.extra) == (None, odd["extra"])


async def test_lists_of_what_is_no_text_stay_among_what_decides_nothing(url: str) -> None:
    odd = {**former_row(AccessGroup), "access_group_id": "odd", "access_group_name": "odd"}
    odd["extra"] = {"access_agent_ids": [1], "access_mcp_server_ids": ["github"]}
    await fill_fourth_schema(url, access_groups=[odd])
    async with open_store(url, declared=Catalog) as store:
        group = await store.access_groups.get("odd")
        assert (group.access_agent_ids, group.access_mcp_server_ids) == ([], ["github"])
        assert group.extra == {"access_agent_ids": [1]}


async def test_a_record_with_null_in_place_of_what_decides_nothing_can_be_read(url: str) -> None:
    await fill_fourth_schema(url, teams=[{**former_row(Team), "team_id": "blue", "extra": None}])
    async with open_store(url, declared=Catalog) as store:
        assert (await store.teams.get("blue")).extra == {}


async def test_a_grant_list_that_is_null_opens_nothing(url: str) -> None:
    await fill_fourth_schema(url, teams=[{**former_row(Team), "team_id": "blue", "models": None}])
    async with open_store(url, declared=Catalog) as store:
        with pytest.raises(StoreUnavailable):
            await store.teams.get("blue")


async def test_an_upgrade_that_fails_leaves_everything_as_it_was(tmp_path_url: str) -> None:
    await fill_fourth_schema(tmp_path_url)
    async with by_hand(tmp_path_url) as connection:
        await connection.execute(text("UPDATE key_mappings SET updated_at = 'some day'"))
    with pytest.raises(StoreUnavailable):
        async with open_store(tmp_path_url, declared=Catalog):
            pass
    async with by_hand(tmp_path_url) as connection:
        assert await connection.run_sync(_rows, "keys") == [former_row(Key)]


async def test_an_upgrade_takes_more_records_than_a_page_holds(url: str) -> None:
    users = [{**former_row(User), "user_id": f"user-{number}", "models": [f"{number}"]} for number in range(1_001)]
    members = [{**former_row(Member), "user_id": f"user-{number}", "role": f"{number}"} for number in range(1_001)]
    await fill_fourth_schema(url, users=users, members=members)
    async with open_store(url, declared=Catalog) as store:
        found = {user.user_id: user.models for user in await store.users.all() if user.user_id != "alice"}
        assert found == {f"user-{number}": [f"{number}"] for number in range(1_001)}
        roles = {each.user_id: each.role for each in await store.members.of_team("red") if each.user_id != "alice"}
        assert roles == {f"user-{number}": f"{number}" for number in range(1_001)}


@pytest.mark.parametrize("table", TABLES)
async def test_the_way_back_keeps_every_field_too(url: str, table: str) -> None:
    await fill_fourth_schema(url)
    async with open_store(url, declared=Catalog):
        pass
    async with by_hand(url) as connection:
        await connection.run_sync(_downgrade)
        assert await connection.run_sync(_rows, table) == [former_row(TABLES[table])]


async def test_on_the_way_back_a_field_that_was_never_written_has_its_default(url: str) -> None:
    rows = await _downgraded(url, "members", "INSERT INTO members (team_id, user_id) VALUES ('blue', 'dave')")
    assert rows["dave"] == {"team_id": "blue", "user_id": "dave", "role": "user", "allowed_models": []}


async def test_on_the_way_back_a_grant_list_that_is_null_opens_nothing(url: str) -> None:
    written = """INSERT INTO users (user_id, teams, document) VALUES ('dave', '[]', '{"models": null}')"""
    assert (await _downgraded(url, "users", written))["dave"]["models"] is None


async def _downgraded(url: str, table: str, statement: str) -> dict[str, dict[str, Any]]:
    """The rows of a table, by their user, of a database that got one by hand and went back."""
    await fill_fourth_schema(url)
    async with open_store(url, declared=Catalog):
        pass
    async with by_hand(url) as connection:
        await connection.execute(text(statement))
        await connection.run_sync(_downgrade)
        return {row["user_id"]: row for row in await connection.run_sync(_rows, table)}


def _downgrade(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "modelward.store:migrations")
    command.downgrade(config, "0004")


def _rows(connection: Connection, table: str) -> list[dict[str, Any]]:
    present = MetaData()
    present.reflect(connection, only=[table])
    rows = connection.execute(select(present.tables[table])).mappings()
    return [{name: _with_zone(value) for name, value in row.items()} for row in rows]


def _with_zone(value: Any) -> Any:
    return value.replace(tzinfo=NOW.tzinfo) if isinstance(value, type(NOW)) and value.tzinfo is None else value
