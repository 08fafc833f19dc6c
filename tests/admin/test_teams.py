"""`/team/...`"""

import pytest

from admin.client import Client, client_of
from admin.statements import statements
from modelward.contract import Caller, Catalog, Key, Team
from modelward.identity import key_hash
from modelward.store import open_store

EVERYTHING = {
    "team_alias": "litellm-dev",
    "models": ["gpt-4"],
    "model_aliases": {"fast": "gpt-4"},
    "organization_id": "acme",
    "access_group_ids": ["production"],
    "blocked": False,
    "metadata": {"cost_centre": 7},
    "max_budget": 12.5,
    "members_with_roles": [{"role": "admin", "user_id": "alice", "user_email": None, "allowed_models": ["gpt-4"]}],
}


async def caller(admin: Client, key: str) -> Caller:
    """Whom the store takes the key for."""
    known = await admin.store.caller(key_hash(key))
    assert known is not None
    return known


async def test_an_answer_shows_all_that_was_sent(admin: Client) -> None:
    made = await admin.made("/team/new", team_id="red", **EVERYTHING)
    assert {name: made[name] for name in EVERYTHING} == EVERYTHING
    assert made["team_id"] == "red"


async def test_a_team_gets_an_id_if_none_is_chosen(admin: Client) -> None:
    assert (await admin.made("/team/new"))["team_id"] != (await admin.made("/team/new"))["team_id"]


async def test_a_team_id_that_is_taken_is_refused(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    assert "`red` exists already" in await admin.refused("/team/new", team_id="red")


async def test_the_rules_see_a_teams_change_when_the_call_returns(admin: Client) -> None:
    await admin.made("/team/new", team_id="red", models=["gpt-4"])
    key = (await admin.made("/key/generate", team_id="red"))["key"]
    await caller(admin, key)
    await admin.made("/team/update", team_id="red", models=["o1"], model_aliases={"a": "b"})
    await admin.made("/team/block", team_id="red")
    team = (await caller(admin, key)).team
    assert team is not None
    assert (team.models, team.model_aliases, team.blocked) == (["o1"], {"a": "b"}, True)
    await admin.made("/team/unblock", team_id="red")
    team = (await caller(admin, key)).team
    assert team is not None
    assert not team.blocked


async def test_an_update_changes_what_is_sent_alone(admin: Client) -> None:
    made = await admin.made("/team/new", team_id="red", **EVERYTHING)
    changed = await admin.made("/team/update", team_id="red", tpm_limit=5)
    assert changed == {"team_id": "red", "data": {**made, "tpm_limit": 5}}


async def test_null_opens_no_list(admin: Client) -> None:
    await admin.made("/team/new", team_id="red", **EVERYTHING)
    lasting = ("models", "model_aliases", "access_group_ids", "blocked", "metadata")
    fields = dict.fromkeys(("team_alias", "organization_id", *lasting))
    changed = (await admin.made("/team/update", team_id="red", **fields))["data"]
    assert (changed["team_alias"], changed["organization_id"]) == (None, None)
    for name in lasting:
        assert changed[name] == EVERYTHING[name]


async def test_info_shows_a_team_with_its_keys(admin: Client) -> None:
    await admin.made("/team/new", team_id="red", models=["gpt-4"])
    key = await admin.made("/key/generate", team_id="red")
    info = await admin.shown("/team/info", team_id="red")
    assert (info["team_id"], info["team_info"]["models"]) == ("red", ["gpt-4"])
    assert [each["token"] for each in info["keys"]] == [key["token"]]


async def test_info_shows_a_caller_no_other_key(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    await admin.made("/key/generate", team_id="red", user_id="alice")
    own = await admin.made("/key/generate", team_id="red")
    await admin.call_as(own["key"])
    assert [each["token"] for each in (await admin.shown("/team/info"))["keys"]] == [own["token"]]


async def test_info_shows_an_admin_the_first_thousand_keys(tmp_path_url: str) -> None:
    declared = Catalog(
        declared_keys={f"{n:064x}": Key(token=f"{n:064x}", team_id="red") for n in range(1_001)},
        declared_teams={"red": Team(team_id="red")},
    )
    async with open_store(tmp_path_url, declared=lambda: declared) as store, client_of(store) as admin:
        assert len((await admin.shown("/team/info", team_id="red"))["keys"]) == 1_000


async def test_info_without_an_id_is_the_team_of_the_caller(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    admin.caller = await caller(admin, (await admin.made("/key/generate", team_id="red"))["key"])
    assert (await admin.shown("/team/info"))["team_id"] == "red"


async def test_info_without_an_id_is_refused_to_who_has_no_team(admin: Client) -> None:
    assert (await admin.get("/team/info")).status_code == 400


async def test_the_keys_of_a_deleted_team_are_unknown_when_the_call_returns(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    key = (await admin.made("/key/generate", team_id="red"))["key"]
    await caller(admin, key)
    assert await admin.made("/team/delete", team_ids=["red"]) == {"deleted_teams": ["red"]}
    assert await admin.store.caller(key_hash(key)) is None


@pytest.mark.parametrize(("query", "found"), [
    ({}, ["blue", "declared-team", "red"]),
    ({"organization_id": "acme"}, ["red"]),
    ({"user_id": "alice"}, ["blue", "red"]),
    ({"user_id": "alice", "organization_id": "acme"}, ["red"]),
    ({"user_id": "declared-user"}, ["declared-team"]),
    ({"organization_id": "nobody"}, []),
])  # fmt: skip
async def test_a_list_may_be_narrowed(admin: Client, query: dict[str, str | int | bool], found: list[str]) -> None:
    alice = [{"user_id": "alice", "allowed_models": ["gpt-4"]}]
    await admin.made("/team/new", team_id="red", organization_id="acme", members_with_roles=alice)
    await admin.made("/team/new", team_id="blue", members_with_roles=[{"user_id": "bob"}, *alice])
    teams = {team["team_id"]: team for team in await admin.shown("/team/list", **query)}
    assert sorted(teams) == found
    for team_id, team in teams.items():
        info = await admin.shown("/team/info", team_id=team_id)
        assert team["members_with_roles"] == info["team_info"]["members_with_roles"]


async def test_the_members_of_all_teams_that_are_listed_are_asked_for_at_once(admin: Client) -> None:
    for team_id in ("red", "blue"):
        await admin.made("/team/new", team_id=team_id, members_with_roles=[{"user_id": "alice"}])
    with statements() as seen:
        assert len(await admin.shown("/team/list")) == 3
    assert sum("FROM members" in statement for statement in seen) == 1


@pytest.mark.parametrize(("path", "fields"), [
    ("/team/update", {"team_id": "nobody"}),
    ("/team/block", {"team_id": "nobody"}),
    ("/team/delete", {"team_ids": ["nobody"]}),
])  # fmt: skip
async def test_a_team_that_is_missing_is_not_found(admin: Client, path: str, fields: dict[str, object]) -> None:
    answer = await admin.post(path, fields)
    assert (answer.status_code, "`nobody`" in answer.text) == (404, True)


@pytest.mark.parametrize(("path", "fields"), [
    ("/team/new", {"team_id": "declared-team"}),
    ("/team/update", {"team_id": "declared-team"}),
    ("/team/block", {"team_id": "declared-team"}),
    ("/team/delete", {"team_ids": ["declared-team"]}),
])  # fmt: skip
async def test_a_declared_team_cannot_be_changed(admin: Client, path: str, fields: dict[str, object]) -> None:
    answer = await admin.post(path, fields)
    assert (answer.status_code, "declared in the config file" in answer.text) == (409, True)
