"""The records that a key's caller brings along, beside its team and its user."""

from typing import Any

from modelward.contract import AccessGroup, Caller, Member, Organization, Project, Settings, User
from modelward.store import Store, open_store
from store.databases import DECLARED, HASH, changed, key, team

PERSONAL = DECLARED.model_copy(update={"settings": Settings(personal_keys_from_teams=True)})


async def caller_of(store: Store) -> Caller:
    """The caller with the key of these tests."""
    caller = await store.caller(HASH)
    assert caller is not None
    return caller


async def test_the_member_is_the_keys_user_in_the_keys_team(store: Store) -> None:
    for team_id in ("red", "blue"):
        await store.teams.add(team(team_id))
        await store.members.add_all(
            team_id, [Member(team_id=team_id, user_id="alice", role="admin", allowed_models=[team_id])]
        )
    await store.keys.add(key(team_id="red", user_id="alice"))
    assert (await caller_of(store)).member == Member(
        team_id="red", user_id="alice", role="admin", allowed_models=["red"]
    )


async def test_a_user_who_is_no_member_has_no_member_record(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.members.add_all("red", [Member(team_id="red", user_id="bob")])
    await store.keys.add(key(team_id="red", user_id="alice"))
    assert (await caller_of(store)).member is None


async def test_a_key_brings_its_project(store: Store) -> None:
    await store.projects.add(
        Project(project_id="web", project_alias="Web", team_id="red", models=["gpt-4"], blocked=True)
    )
    await store.keys.add(key(project_id="web"))
    expected = Project(project_id="web", project_alias="Web", team_id="red", models=["gpt-4"], blocked=True)
    assert (await caller_of(store)).project == expected


async def test_a_key_brings_its_own_organization_and_its_teams(store: Store) -> None:
    for name in ("acme", "globex", "initech"):
        await store.organizations.add(
            Organization(organization_id=name, organization_alias=f"The {name}", models=["gpt-4"])
        )
    await store.teams.add(team("red", organization_id="globex"))
    await store.keys.add(key(team_id="red", organization_id="acme"))
    assert (await caller_of(store)).organizations == {
        name: Organization(organization_id=name, organization_alias=f"The {name}", models=["gpt-4"])
        for name in ("acme", "globex")
    }


async def test_a_key_brings_its_own_access_groups_and_its_teams(store: Store) -> None:
    for name in ("beta", "gamma", "delta"):
        await store.access_groups.add(
            AccessGroup(
                access_group_id=name,
                access_group_name=f"Group {name}",
                description=None,
                access_model_names=["gpt-4"],
                assigned_team_ids=["red"],
                assigned_key_ids=[HASH],
            )
        )
    await store.teams.add(team("red", access_group_ids=["gamma"]))
    await store.keys.add(key(team_id="red", access_group_ids=["beta", "gone"]))
    assert (await caller_of(store)).access_groups == {
        name: AccessGroup(
            access_group_id=name,
            access_group_name=f"Group {name}",
            access_model_names=["gpt-4"],
            assigned_team_ids=["red"],
            assigned_key_ids=[HASH],
        )
        for name in ("beta", "gamma")
    }


async def test_an_access_group_comes_without_its_servers_and_agents(store: Store) -> None:
    await store.access_groups.add(
        AccessGroup(access_group_id="beta", access_mcp_server_ids=["github"], access_agent_ids=["helper"])
    )
    await store.keys.add(key(access_group_ids=["beta"]))
    assert (await caller_of(store)).access_groups == {"beta": AccessGroup(access_group_id="beta")}


async def test_what_has_no_record_is_absent(store: Store) -> None:
    await store.keys.add(key(project_id="gone", organization_id="gone", access_group_ids=["gone"]))
    caller = await caller_of(store)
    assert (caller.project, caller.organizations, caller.access_groups) == (None, {}, {})


async def test_a_stored_key_may_name_declared_records_of_every_kind(store: Store) -> None:
    names: dict[str, Any] = {
        "project_id": "declared-project",
        "organization_id": "declared-organization",
        "access_group_ids": ["declared-group"],
    }
    await store.keys.add(key(**names))
    caller = await caller_of(store)
    assert caller.project is DECLARED.declared_projects["declared-project"]
    assert caller.organizations == DECLARED.declared_organizations
    assert caller.access_groups == DECLARED.declared_access_groups


async def test_a_personal_key_brings_its_owners_teams_where_the_config_says_so(url: str) -> None:
    async with open_store(url, declared=lambda: PERSONAL) as store:
        await store.teams.add(team("red", access_group_ids=["beta"]))
        await store.access_groups.add(AccessGroup(access_group_id="beta"))
        await store.users.add(User(user_id="alice", teams=["red", "gone", "declared-team"]))
        await store.keys.add(key(user_id="alice"))
        caller = await caller_of(store)
        assert [each.team_id for each in caller.owner_teams] == ["declared-team", "red"]
        assert list(caller.access_groups) == ["beta"]

        await store.keys.change(HASH, lambda each: changed(each, team_id="red"))
        assert (await caller_of(store)).owner_teams == []


async def test_a_personal_key_brings_no_teams_where_the_config_does_not_say_so(store: Store) -> None:
    await store.teams.add(team("red"))
    await store.users.add(User(user_id="alice", teams=["red"]))
    await store.keys.add(key(user_id="alice"))
    assert (await caller_of(store)).owner_teams == []


async def test_a_group_that_is_deleted_adds_nothing(store: Store) -> None:
    await store.access_groups.add(AccessGroup(access_group_id="beta"))
    await store.keys.add(key(access_group_ids=["beta"]))
    assert list((await caller_of(store)).access_groups) == ["beta"]
    await store.access_groups.remove(["beta"])
    assert (await caller_of(store)).access_groups == {}
