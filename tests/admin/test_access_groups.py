"""`/v1/access_group`"""

from pathlib import Path

import pytest

from admin.client import Client
from admin.files import content_of
from modelward.contract import AccessGroup
from modelward.identity import key_hash

GROUPS = "/v1/access_group"
PRODUCTION: dict[str, object] = {
    "access_group_id": "production",
    "access_group_name": "Production",
    "description": "what is in use",
    "access_model_names": ["gpt-4"],
    "assigned_team_ids": ["red"],
    "access_mcp_server_ids": ["server"],
}


async def groups(admin: Client, key: str) -> dict[str, AccessGroup]:
    """The access groups that the rules see."""
    known = await admin.known(key)
    assert known is not None
    return {name: AccessGroup(**group.model_dump()) for name, group in known.access_groups.items()}


@pytest.mark.parametrize(("fields", "said"), [
    ({}, "`access_group_name`"),
    ({"access_group_name": None}, "`access_group_name`"),
    ({"access_group_name": "x", "access_model_names": "gpt-4"}, "`access_model_names`"),
    ({"access_group_name": "x", "assigned_key_ids": [1]}, "`assigned_key_ids.0`"),
    ({"access_group_name": "x", "models": ["gpt-4"]}, "unknown field `models`"),
    ({"access_group_name": "x", "access_agent_ids": [1]}, "`access_agent_ids.0`"),
])  # fmt: skip
async def test_a_group_that_makes_no_sense_is_refused(admin: Client, fields: dict[str, object], said: str) -> None:
    assert said in await admin.refused(GROUPS, **fields)


@pytest.mark.parametrize("other", [{"access_group_name": "x"}, {"access_group_id": "x"}])
async def test_an_id_or_a_name_that_is_taken_is_refused(admin: Client, other: dict[str, object]) -> None:
    await admin.made(GROUPS, **PRODUCTION)
    assert "exists already" in await admin.refused_with(409, "POST", GROUPS, {**PRODUCTION, **other})
    assert len(await admin.shown(GROUPS)) == 2


async def test_a_group_is_not_renamed_to_one_that_exists(admin: Client) -> None:
    await admin.made(GROUPS, **PRODUCTION)
    await admin.made(GROUPS, access_group_id="beta", access_group_name="Beta")
    await admin.refused_with(409, "PUT", f"{GROUPS}/beta", {"access_group_name": "Production"})
    assert (await admin.shown(f"{GROUPS}/beta"))["access_group_name"] == "Beta"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_group_that_is_missing_is_not_found(admin: Client, method: str) -> None:
    assert "`nobody`" in await admin.refused_with(404, method, f"{GROUPS}/nobody", {})


async def test_what_the_config_declares_is_shown_but_not_changed(admin: Client) -> None:
    for method in ("PUT", "DELETE"):
        message = await admin.refused_with(409, method, f"{GROUPS}/declared-group", {})
        assert "declared in the config file" in message
    assert [group["declared"] for group in await admin.shown(GROUPS)] == [True]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_another_method_is_no_route(admin: Client, method: str) -> None:
    await admin.refused_with(404, method, f"{GROUPS}/production", {})


async def test_an_answer_shows_all_that_was_sent(admin: Client) -> None:
    answer = await admin.send("POST", GROUPS, PRODUCTION)
    made = answer.json()
    assert answer.status_code == 201
    assert {name: made[name] for name in PRODUCTION} == PRODUCTION
    assert (made["access_agent_ids"], made["assigned_key_ids"], made["created_by"]) == ([], [], "master")
    assert await admin.shown(f"{GROUPS}/production") == made


async def test_a_group_keeps_no_more_of_what_decides_nothing_than_64_kib(admin: Client) -> None:
    servers = [f"{number}{'s' * 900}" for number in range(100)]
    said = await admin.refused(GROUPS, access_group_name="Production", access_mcp_server_ids=servers)
    assert "must not be longer than 65536 bytes" in said


async def test_a_group_gets_an_id_if_none_is_chosen(admin: Client) -> None:
    made = [await admin.made(GROUPS, access_group_name=name) for name in ("x", "y")]
    assert made[0]["access_group_id"] != made[1]["access_group_id"]


async def test_a_key_in_clear_text_is_kept_by_hash_alone(admin: Client, tmp_path: Path) -> None:
    key = "sk-" + "secret" * 5
    made = await admin.made(GROUPS, access_group_name="x", assigned_key_ids=[key, key_hash("sk-other")])
    assert made["assigned_key_ids"] == [key_hash(key), key_hash("sk-other")]
    await admin.done("PUT", f"{GROUPS}/{made['access_group_id']}", {"assigned_key_ids": [key]})
    assert key.encode() not in content_of(tmp_path)


async def test_a_group_that_is_assigned_changes_no_key_and_no_team(admin: Client) -> None:
    await admin.made("/team/new", team_id="red")
    key = (await admin.made("/key/generate", team_id="red"))["key"]
    await admin.made(GROUPS, **{**PRODUCTION, "assigned_key_ids": [key]})
    assert (await admin.shown("/key/info", key=key))["info"]["access_group_ids"] == []
    assert (await admin.shown("/team/info", team_id="red"))["team_info"]["access_group_ids"] == []
    assert await groups(admin, key) == {}


async def test_the_rules_see_a_groups_change_when_the_call_returns(admin: Client) -> None:
    await admin.made(GROUPS, **PRODUCTION)
    key = (await admin.made("/key/generate", access_group_ids=["production"]))["key"]
    seen = AccessGroup(
        access_group_id="production",
        access_group_name="Production",
        description="what is in use",
        access_model_names=["gpt-4"],
        assigned_team_ids=["red"],
    )
    assert await groups(admin, key) == {"production": seen}
    await admin.done("PUT", f"{GROUPS}/production", {"access_model_names": ["o1"]})
    assert await groups(admin, key) == {"production": seen.model_copy(update={"access_model_names": ["o1"]})}
    assert (await admin.send("DELETE", f"{GROUPS}/production")).status_code == 204
    assert await groups(admin, key) == {}


LISTS = ("access_model_names", "assigned_team_ids", "assigned_key_ids", "access_mcp_server_ids", "access_agent_ids")


async def test_null_empties_a_list_and_takes_the_description_away_but_no_name(admin: Client) -> None:
    made = await admin.made(GROUPS, **PRODUCTION, assigned_key_ids=["sk-1234"], access_agent_ids=["agent"])
    names = ("access_group_name", "description", *LISTS)
    changed = await admin.done("PUT", f"{GROUPS}/production", dict.fromkeys(names))
    assert changed == {**made, "description": None, **{name: [] for name in LISTS}}


async def test_a_group_whose_list_is_null_grants_nothing_any_more(admin: Client) -> None:
    await admin.made(GROUPS, **PRODUCTION)
    key = (await admin.made("/key/generate", access_group_ids=["production"]))["key"]
    await admin.done("PUT", f"{GROUPS}/production", {"access_model_names": None})
    assert (await groups(admin, key))["production"].access_model_names == []


async def test_a_new_groups_lists_may_be_null(admin: Client) -> None:
    made = await admin.made(GROUPS, access_group_name="x", **dict.fromkeys(LISTS))
    assert [made[name] for name in LISTS] == [[]] * len(LISTS)


async def test_an_id_in_the_path_is_decoded_once(admin: Client) -> None:
    await admin.made(GROUPS, access_group_id="a/b%2F", access_group_name="x")
    assert (await admin.shown(f"{GROUPS}/a%2Fb%252F"))["access_group_id"] == "a/b%2F"
