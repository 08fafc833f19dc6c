"""`/team/member_...`, and the members that a team is made with."""

from typing import Any

import pytest

from admin.client import Client, client_of
from modelward.contract import Catalog, Key, Member
from modelward.store import open_store
from store.databases import OTHER


@pytest.fixture(autouse=True)
async def red(admin: Client) -> None:
    """A team without members."""
    await admin.made("/team/new", team_id="red")


async def add(admin: Client, **member: object) -> Any:
    """Put a user into the team."""
    return await admin.made("/team/member_add", team_id="red", member={"role": "user", **member})


async def members(admin: Client) -> list[str]:
    """The ids of the team's members."""
    info = await admin.shown("/team/info", team_id="red")
    return [member["user_id"] for member in info["team_info"]["members_with_roles"]]


async def scope(admin: Client, key: str) -> Member | None:
    """The member that the rules see."""
    known = await admin.known(key)
    assert known is not None
    return known.member


@pytest.mark.parametrize(("fields", "said"), [
    ({"member": {"role": "user"}}, "`member.0.user_id`"),
    ({"member": {"role": "owner", "user_id": "alice"}}, "`member.0.role`"),
    ({"member": {"user_id": "alice", "models": ["gpt-4"]}}, "`member.0`: unknown field `models`"),
    ({"member": {"user_id": "alice", "allowed_models": "gpt-4"}}, "`member.0.allowed_models`"),
    ({"member": [{"user_id": "alice"}, {"user_id": "alice"}]}, "names a user twice"),
    ({"member": "alice"}, "`member`"),
    ({"member": {"user_id": "alice"}, "models": ["gpt-4"]}, "unknown field `models`"),
    ({"member": {"user_id": "alice"}, "object_permission": {"models": ["a"]}}, "not supported yet"),
])  # fmt: skip
async def test_a_member_that_makes_no_sense_is_refused(admin: Client, fields: dict[str, object], said: str) -> None:
    assert said in await admin.refused("/team/member_add", team_id="red", **fields)
    assert await members(admin) == []


async def test_a_member_is_added_once(admin: Client) -> None:
    await add(admin, user_id="alice")
    new = [{"user_id": "bob"}, {"user_id": "alice"}]
    assert "already" in await admin.refused("/team/member_add", team_id="red", member=new)
    assert await members(admin) == ["alice"]


@pytest.mark.parametrize(("path", "fields"), [
    ("/team/member_add", {"team_id": "nobody", "member": {"user_id": "alice"}}),
    ("/team/member_update", {"team_id": "red", "user_id": "nobody", "role": "admin"}),
    ("/team/member_delete", {"team_id": "red", "user_id": "nobody"}),
])  # fmt: skip
async def test_what_is_missing_is_not_found(admin: Client, path: str, fields: dict[str, object]) -> None:
    assert "`nobody`" in await admin.refused_with(404, "POST", path, fields)


@pytest.mark.parametrize(("path", "fields"), [
    ("/team/member_add", {"team_id": "declared-team", "member": {"user_id": "alice"}}),
    ("/team/member_add", {"team_id": "red", "member": {"user_id": "declared-user"}}),
    ("/team/member_update", {"team_id": "declared-team", "user_id": "declared-user", "allowed_models": []}),
    ("/team/member_delete", {"team_id": "declared-team", "user_id": "declared-user"}),
    ("/team/new", {"team_id": "blue", "members_with_roles": [{"user_id": "declared-user"}]}),
])  # fmt: skip
async def test_what_the_config_declares_is_not_changed(admin: Client, path: str, fields: dict[str, object]) -> None:
    assert "declared in the config file" in await admin.refused_with(409, "POST", path, fields)
    assert [team["team_id"] for team in await admin.shown("/team/list")] == ["declared-team", "red"]


async def test_the_rules_see_a_members_scope_when_the_call_returns(admin: Client) -> None:
    key = (await admin.made("/key/generate", team_id="red", user_id="alice"))["key"]
    assert await scope(admin, key) is None
    await add(admin, user_id="alice", allowed_models=["gpt-4"])
    assert await scope(admin, key) == Member(user_id="alice", team_id="red", allowed_models=["gpt-4"])
    await admin.made("/team/member_update", team_id="red", user_id="alice", allowed_models=["o1"])
    assert await scope(admin, key) == Member(user_id="alice", team_id="red", allowed_models=["o1"])


async def test_null_opens_no_scope_but_an_empty_list_does(admin: Client) -> None:
    await add(admin, user_id="alice", allowed_models=["gpt-4"])
    for sent, shown in ((None, ["gpt-4"]), ([], [])):
        changed = await admin.made("/team/member_update", team_id="red", user_id="alice", allowed_models=sent)
        assert changed["allowed_models"] == shown


async def test_an_update_changes_what_is_sent_alone(admin: Client) -> None:
    await add(admin, user_id="alice", allowed_models=["gpt-4"])
    changed = await admin.made("/team/member_update", team_id="red", user_id="alice", role="admin")
    assert (changed["role"], changed["allowed_models"]) == ("admin", ["gpt-4"])


async def test_a_members_budget_and_address_are_not_kept_and_not_shown(admin: Client) -> None:
    unused = {"max_budget_in_team": 5, "tpm_limit": 7}
    new = {"user_id": "alice", "user_email": "alice@example.com"}
    added = await admin.made("/team/member_add", team_id="red", member=new, **unused)
    assert not unused.keys() & added.keys() - {"tpm_limit"}
    assert added["tpm_limit"] is None
    changed = await admin.made("/team/member_update", team_id="red", **new, **unused)
    assert (changed["max_budget_in_team"], changed["user_email"], changed.get("tpm_limit")) == (None, None, None)
    assert "example.com" not in (await admin.get("/team/info", team_id="red")).text


async def test_one_scope_may_be_given_to_all_that_name_none(admin: Client) -> None:
    new = [{"user_id": "alice"}, {"user_id": "bob", "allowed_models": ["o1"]}, {"user_id": "eve", "allowed_models": []}]
    answer = await admin.made("/team/member_add", team_id="red", member=new, allowed_models=["gpt-4"])
    scopes = {each["user_id"]: each["allowed_models"] for each in answer["updated_team_memberships"]}
    assert scopes == {"alice": ["gpt-4"], "bob": ["o1"], "eve": []}


async def test_a_member_without_a_record_gets_one(admin: Client) -> None:
    (user,) = (await add(admin, user_id="alice"))["updated_users"]
    assert (user["user_id"], user["teams"]) == ("alice", ["red"])
    assert (await admin.shown("/user/info", user_id="alice"))["user_info"]["teams"] == ["red"]


async def test_a_team_is_made_with_its_members(admin: Client) -> None:
    new = [{"user_id": "alice", "role": "admin"}, {"user_id": "bob", "allowed_models": ["gpt-4"]}]
    made = await admin.made("/team/new", team_id="blue", members_with_roles=new)
    info = await admin.shown("/team/info", team_id="blue")
    assert info["team_info"]["members_with_roles"] == made["members_with_roles"]
    assert info["team_memberships"] == [
        {"user_id": "alice", "team_id": "blue", "allowed_models": []},
        {"user_id": "bob", "team_id": "blue", "allowed_models": ["gpt-4"]},
    ]


async def test_info_shows_a_caller_no_other_member(admin: Client) -> None:
    await add(admin, user_id="alice")
    await add(admin, user_id="bob", allowed_models=["o1"])
    await admin.call_as((await admin.made("/key/generate", team_id="red", user_id="alice"))["key"])
    info = await admin.shown("/team/info")
    assert [each["user_id"] for each in info["team_memberships"]] == ["alice"]
    assert [each["user_id"] for each in info["team_info"]["members_with_roles"]] == ["alice"]


async def test_a_member_leaves_with_its_keys_of_the_team_alone(admin: Client) -> None:
    for user_id in ("alice", "bob"):
        await add(admin, user_id=user_id)
    ours = (await admin.made("/key/generate", team_id="red", user_id="alice"))["key"]
    others = [
        (await admin.made("/key/generate", **fields))["key"]
        for fields in ({"team_id": "red", "user_id": "bob"}, {"user_id": "alice"}, {"team_id": "red"})
    ]
    answer = await admin.made("/team/member_delete", team_id="red", user_id="alice")
    assert [member["user_id"] for member in answer["members_with_roles"]] == ["bob"]
    assert await admin.known(ours) is None
    assert all([await admin.known(key) is not None for key in others])
    assert (await admin.shown("/user/info", user_id="alice"))["user_info"]["teams"] == []


async def test_an_update_of_a_team_names_no_members(admin: Client) -> None:
    new = [{"user_id": "alice"}]
    assert "`members_with_roles`" in await admin.refused("/team/update", team_id="red", members_with_roles=new)


async def test_a_member_with_a_declared_key_stays(tmp_path_url: str) -> None:
    declared = Catalog(declared_keys={OTHER: Key(token=OTHER, team_id="blue", user_id="alice")})
    async with open_store(tmp_path_url, declared=lambda: declared) as store, client_of(store) as admin:
        await admin.made("/team/new", team_id="blue", members_with_roles=[{"user_id": "alice"}])
        key = (await admin.made("/key/generate", team_id="blue", user_id="alice"))["key"]
        await admin.refused_with(409, "POST", "/team/member_delete", {"team_id": "blue", "user_id": "alice"})
        (member,) = (await admin.shown("/team/info", team_id="blue"))["team_memberships"]
        assert member["user_id"] == "alice"
        assert await admin.known(key) is not None
