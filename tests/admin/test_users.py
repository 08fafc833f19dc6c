"""`/user/...`"""

import pytest

from admin.client import Client
from modelward.contract import Caller, User

ALICE: dict[str, object] = {
    "user_id": "alice",
    "user_role": "internal_user",
    "user_email": "alice@example.com",
    "user_alias": "Alice",
    "models": ["gpt-4"],
    "metadata": {"cost_centre": 7},
    "max_budget": 12.5,
}


async def make_alice(admin: Client, **fields: object) -> None:
    """Make a user without a key."""
    await admin.made("/user/new", **{**ALICE, "auto_create_key": False, **fields})


@pytest.mark.parametrize(("fields", "said"), [
    ({"user_role": "root"}, "`user_role`"),
    ({"user_role": "team"}, "`user_role`"),
    ({"blocked": True}, "`blocked` is not supported yet"),
    ({"organizations": ["acme"]}, "`organizations` is not supported yet"),
    ({"teams": "red"}, "`teams`"),
    ({"teams": [7]}, "`teams.0`"),
    ({"teams": [{"team_id": "red", "user_role": "owner"}]}, "`teams.0.user_role`"),
    ({"auto_create_key": "no"}, "`auto_create_key`"),
    ({"duration": "soon"}, "`duration`"),
])  # fmt: skip
async def test_a_new_user_that_makes_no_sense_is_refused(admin: Client, fields: dict[str, object], said: str) -> None:
    assert said in await admin.refused("/user/new", user_id="alice", **fields)
    assert (await admin.shown("/user/list"))["total"] == 1


@pytest.mark.parametrize("team", [{"teams": ["nobody"]}, {"team_id": "nobody"}])
async def test_a_user_is_put_into_no_team_that_is_missing(admin: Client, team: dict[str, object]) -> None:
    await admin.refused_with(404, "POST", "/user/new", {"user_id": "alice", **team})
    assert (await admin.shown("/user/list"))["total"] == 1


async def test_a_user_is_put_into_no_declared_team(admin: Client) -> None:
    await admin.refused_with(409, "POST", "/user/new", {"user_id": "alice", "teams": ["declared-team"]})
    assert (await admin.shown("/user/list"))["total"] == 1
    assert (await admin.shown("/key/list"))["total_count"] == 1


async def test_no_key_is_left_where_the_user_exists_already(admin: Client) -> None:
    await make_alice(admin)
    await admin.refused("/user/new", user_id="alice")
    assert (await admin.shown("/key/list"))["total_count"] == 1


async def test_no_user_is_left_where_the_alias_of_its_key_is_taken(admin: Client) -> None:
    await admin.made("/key/generate", key_alias="ci")
    await admin.refused("/user/new", user_id="alice", key_alias="ci")
    assert (await admin.shown("/user/list"))["total"] == 1


async def test_an_answer_shows_all_that_was_sent(admin: Client) -> None:
    made = await admin.made("/user/new", **ALICE)
    assert {name: made[name] for name in ALICE} == ALICE
    assert (await admin.shown("/user/info", user_id="alice"))["user_info"]["user_email"] == "alice@example.com"


async def test_a_user_gets_an_id_and_a_key_of_its_models(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    made = await admin.made("/user/new", models=["gpt-4"], key_alias="ci", team_id="red", duration="30d")
    known = await admin.known(made["key"])
    assert known is not None
    assert known.key is not None
    assert (known.key.user_id, known.key.models, known.key.key_alias) == (made["user_id"], ["gpt-4"], "ci")
    assert (known.key.team_id, made["expires"]) == ("red", "2026-03-02T12:00:00Z")
    assert known.user is not None
    assert known.user.teams == ["red"]


async def test_a_user_may_be_made_without_a_key(admin: Client) -> None:
    made = await admin.made("/user/new", user_id="alice", auto_create_key=False)
    assert (made["key"], made["token"]) == ("", None)
    assert (await admin.shown("/key/list", user_id="alice"))["keys"] == []


async def test_a_new_user_is_a_member_of_its_teams(admin: Client) -> None:
    for team_id in ("red", "blue"):
        await admin.made("/team/new", team_id=team_id)
    teams = ["red", {"team_id": "blue", "user_role": "admin", "max_budget_in_team": 5}]
    assert (await admin.made("/user/new", user_id="alice", teams=teams))["teams"] == ["red", "blue"]
    for team_id, role in (("red", "user"), ("blue", "admin")):
        (member,) = (await admin.shown("/team/info", team_id=team_id))["team_info"]["members_with_roles"]
        assert (member["user_id"], member["role"]) == ("alice", role)
    assert [each["team_id"] for each in (await admin.shown("/user/info", user_id="alice"))["teams"]] == ["red", "blue"]


async def test_the_rules_see_a_users_change_when_the_call_returns(admin: Client) -> None:
    key = (await admin.made("/user/new", **ALICE))["key"]
    await admin.known(key)
    await admin.made("/user/update", user_id="alice", models=["o1"], user_role="proxy_admin_viewer")
    known = await admin.known(key)
    assert known is not None
    assert known.user is not None
    assert (known.user.models, known.user.user_role) == (["o1"], "proxy_admin_viewer")


async def test_null_takes_no_role_away(admin: Client) -> None:
    await make_alice(admin, user_role="proxy_admin_viewer")
    fields = dict.fromkeys(("user_role", "user_email", "user_alias", "metadata"))
    changed = (await admin.made("/user/update", user_id="alice", **fields))["data"]
    assert (changed["user_role"], changed["metadata"]) == ("proxy_admin_viewer", ALICE["metadata"])
    assert (changed["user_email"], changed["user_alias"]) == (None, None)


async def test_teams_do_not_change_by_an_update(admin: Client) -> None:
    await make_alice(admin)
    assert "unknown field `teams`" in await admin.refused("/user/update", user_id="alice", teams=["red"])


async def test_the_keys_of_a_deleted_user_are_unknown_when_the_call_returns(admin: Client) -> None:
    key = (await admin.made("/user/new", **ALICE))["key"]
    await admin.known(key)
    assert await admin.made("/user/delete", user_ids=["alice"]) == 1
    assert await admin.known(key) is None


async def test_info_without_an_id_is_the_callers_own_record_and_key(admin: Client) -> None:
    await make_alice(admin)
    await admin.made("/key/generate", user_id="alice")
    own = await admin.made("/key/generate", user_id="alice")
    await admin.call_as(own["key"])
    info = await admin.shown("/user/info")
    assert (info["user_id"], info["teams"]) == ("alice", [])
    assert [key["token"] for key in info["keys"]] == [own["token"]]
    user = info["user_info"]
    assert (user["user_role"], user["models"], user["max_budget"]) == ("internal_user", ["gpt-4"], 12.5)


async def test_info_shows_a_caller_without_a_key_no_key(admin: Client) -> None:
    await make_alice(admin)
    await admin.made("/key/generate", user_id="alice")
    admin.caller = Caller(kind="jwt", user=User(user_id="alice"))
    info = await admin.shown("/user/info")
    assert (info["user_id"], info["keys"]) == ("alice", [])


async def test_info_shows_an_admin_any_user_with_all_keys(admin: Client) -> None:
    await make_alice(admin)
    made = [(await admin.made("/key/generate", user_id="alice"))["token"] for _ in range(2)]
    admin.caller = Caller(kind="jwt", user=User(user_id="root", user_role="proxy_admin"))
    info = await admin.shown("/user/info", user_id="alice")
    assert (info["user_info"]["user_id"], {key["token"] for key in info["keys"]}) == ("alice", set(made))


async def test_a_user_without_a_record_is_not_found(admin: Client) -> None:
    assert "`nobody`" in await admin.refused_with(404, "GET", "/user/info?user_id=nobody")


async def test_info_without_an_id_is_refused_to_who_has_no_user(admin: Client) -> None:
    assert "`user_id` is missing" in await admin.refused_with(400, "GET", "/user/info")


async def test_a_list_is_paged(admin: Client) -> None:
    for name in ("ann", "bob"):
        await make_alice(admin, user_id=name)
    page = await admin.shown("/user/list", page=2, page_size=2)
    assert (page["total"], page["page"], page["page_size"], page["total_pages"]) == (3, 2, 2, 2)
    assert len(page["users"]) == 1


@pytest.mark.parametrize(("query", "found"), [
    ({"role": "proxy_admin"}, []),
    ({"role": "internal_user"}, ["alice"]),
    ({"user_ids": "bob, alice"}, ["alice", "bob"]),
    ({"user_ids": "ali"}, []),
    ({"user_email": "EXAMPLE.com"}, ["alice"]),
    ({"search": "BO"}, ["bob"]),
    ({"search": "alice@"}, ["alice"]),
    ({"team": "red"}, ["bob"]),
])  # fmt: skip
async def test_a_list_may_be_narrowed(admin: Client, query: dict[str, str | int | bool], found: list[str]) -> None:
    await make_alice(admin)
    await admin.made("/team/new", team_id="red", members_with_roles=[{"user_id": "bob"}])
    assert sorted(user["user_id"] for user in (await admin.shown("/user/list", **query))["users"]) == found
