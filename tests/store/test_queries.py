"""How many queries a lookup costs, and that each goes by an index: there may be very many records."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from modelward.contract import AccessGroup, Customer, KeyMapping, Member, Organization, Project, Settings, Token
from modelward.store import Store
from store.databases import DECLARED, HASH, OTHER, by_hand, key, team
from store.unwatched import Unwatched, unwatched

PERSONAL = DECLARED.model_copy(update={"settings": Settings(personal_keys_from_teams=True)})
TOKEN = Token(
    team_id="red", chosen_team_id="blue", team_alias="Reds", team_ids=["red"], user_id="alice", organization_id="acme"
)


@pytest.fixture
async def opened(url: str) -> AsyncIterator[Unwatched]:
    """A store with a record of every kind."""
    async with unwatched(url, declared=lambda: PERSONAL) as made:
        await fill(made.store)
        made.sent.clear()
        yield made


async def fill(store: Store) -> None:
    """Store a record of every kind."""
    await store.organizations.add(Organization(organization_id="acme"))
    await store.access_groups.add(AccessGroup(access_group_id="beta"))
    await store.projects.add(Project(project_id="web"))
    await store.customers.add(Customer(user_id="carol"))
    await store.key_mappings.add(KeyMapping(id="1", jwt_claim_name="client_id", jwt_claim_value="ci", token=HASH))
    await store.teams.add(team("red", team_alias="Reds", organization_id="acme", access_group_ids=["beta"]))
    await store.teams.add(team("blue"))
    await store.members.add_all("red", [Member(team_id="red", user_id="alice")])


async def test_the_usual_key_costs_one_query(opened: Unwatched) -> None:
    await opened.store.keys.add(key(team_id="blue", user_id="alice"))
    opened.sent.clear()
    caller = await opened.store.caller(HASH)
    assert caller is not None
    assert caller.team is not None and caller.user is not None
    assert len(opened.sent) == 1
    assert await opened.store.caller(HASH) is caller
    assert len(opened.sent) == 1


async def test_a_key_that_names_a_record_of_every_kind_costs_one_query_more_for_each(opened: Unwatched) -> None:
    names: dict[str, Any] = {"project_id": "web", "organization_id": "acme", "access_group_ids": ["beta"]}
    await opened.store.keys.add(key(user_id="alice", **names))
    opened.sent.clear()
    caller = await opened.store.caller(HASH)
    assert caller is not None
    assert caller.project and caller.organizations and caller.access_groups and caller.owner_teams
    assert len(opened.sent) == 5


async def test_declared_subjects_cost_no_query(opened: Unwatched) -> None:
    assert await opened.store.caller(OTHER) is not None
    assert await opened.store.customer("declared-customer") is not None
    assert opened.sent == []


async def test_a_token_costs_one_query_for_each_kind_and_one_for_the_alias(opened: Unwatched) -> None:
    caller = await opened.store.token_caller(TOKEN, "digest")
    assert caller.records is not None
    assert caller.records.members and caller.records.teams_of_alias and caller.organizations and caller.access_groups
    assert len(opened.sent) == 6
    assert await opened.store.token_caller(TOKEN, "digest") is caller
    assert len(opened.sent) == 6


async def test_a_customer_costs_one_query_also_one_without_a_record(opened: Unwatched) -> None:
    for _ in range(2):
        assert await opened.store.customer("carol") is not None
        assert await opened.store.customer("nobody") is None
        assert len(opened.sent) == 2


async def test_a_mapping_costs_one_query_also_where_there_is_none(opened: Unwatched) -> None:
    for _ in range(2):
        assert await opened.store.mapped_key("client_id", "ci") == HASH
        assert await opened.store.mapped_key("client_id", "nobody") is None
        assert len(opened.sent) == 2


async def test_the_members_of_many_teams_cost_one_query(opened: Unwatched) -> None:
    assert len(await opened.store.members.of_teams(["red", "blue", "declared-team"])) == 3
    assert len(opened.sent) == 1


async def test_every_lookup_goes_by_an_index(opened: Unwatched, url: str) -> None:
    names: dict[str, Any] = {"project_id": "web", "organization_id": "acme", "access_group_ids": ["beta"]}
    await opened.store.keys.add(key(user_id="alice", **names))
    opened.sent.clear()
    await opened.store.caller(HASH)
    await opened.store.token_caller(TOKEN, "digest")
    await opened.store.customer("carol")
    await opened.store.mapped_key("client_id", "ci")
    async with by_hand(url) as connection:
        for statement, parameters in opened.sent:
            assert await scans(connection, statement, parameters) == []


async def scans(connection: AsyncConnection, statement: str, parameters: Any) -> list[str]:
    """The steps of a query's plan that read a whole table."""
    if connection.dialect.name == "sqlite":
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in rows if row.detail.startswith("SCAN")]
    await connection.exec_driver_sql("SET enable_seqscan = off")  # or small tables are read whole for good reason
    rows = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return [row[0] for row in rows if "Seq Scan" in row[0]]


async def test_the_check_of_plans_sees_a_scan(opened: Unwatched, url: str) -> None:
    async with by_hand(url) as connection:
        assert await scans(connection, "SELECT 1 FROM keys WHERE objects_owner = 'x'", ()) != []
