"""`/key/...`"""

import pytest

from admin.client import EVERYTHING, MASTER_KEY, Client
from modelward.identity import key_hash
from store.databases import OTHER


async def test_a_generated_key_is_known(admin: Client) -> None:
    made = await admin.made("/key/generate")
    assert made["key"].startswith("sk-")
    assert made["token"] == made["token_id"] == key_hash(made["key"])
    assert await admin.known(made["key"]) is not None


async def test_generated_keys_differ(admin: Client) -> None:
    assert (await admin.made("/key/generate"))["key"] != (await admin.made("/key/generate"))["key"]


async def test_an_answer_shows_all_that_was_sent(admin: Client) -> None:
    made = await admin.made("/key/generate", **EVERYTHING)
    assert {name: made[name] for name in EVERYTHING} == EVERYTHING
    assert made["created_by"] == "master"
    assert made["created_at"] == "2026-01-31T12:00:00Z"


async def test_the_rules_see_what_decides(admin: Client) -> None:
    made = await admin.made("/key/generate", **EVERYTHING)
    known = await admin.known(made["key"])
    assert known is not None
    assert known.key is not None
    assert known.key.model_dump(exclude={"token", "expires_ns"}) == {
        name: EVERYTHING[name] for name in EVERYTHING if name not in {"max_budget", "tpm_limit"}
    }


async def test_a_key_may_be_chosen(admin: Client) -> None:
    made = await admin.made("/key/generate", key="sk-chosen-by-the-caller")
    assert (made["key"], made["key_name"]) == ("sk-chosen-by-the-caller", "sk-...ller")


async def test_a_short_key_shows_nothing_of_itself(admin: Client) -> None:
    assert (await admin.made("/key/generate", key="sk-1234"))["key_name"] == "sk-..."


@pytest.mark.parametrize("key", ["chosen", "sk-", "sk-a b", "sk-ä", "sk-" + "x" * 1_000, OTHER])
async def test_a_chosen_key_that_cannot_be_sent_is_refused(admin: Client, key: str) -> None:
    message = await admin.refused("/key/generate", key=key)
    assert "`key`" in message
    assert len(key) < 5 or key not in message


async def test_a_chosen_key_that_is_taken_is_refused(admin: Client) -> None:
    await admin.made("/key/generate", key="sk-1234")
    assert "exists already" in await admin.refused("/key/generate", key="sk-1234")


async def test_the_master_key_is_no_virtual_key(admin: Client) -> None:
    made = await admin.made("/key/generate")
    for path, fields in (
        ("/key/generate", {"key": MASTER_KEY}),
        ("/key/regenerate", {"key": made["key"], "new_key": MASTER_KEY}),
        (f"/key/{made['key']}/regenerate", {"new_key": MASTER_KEY}),
    ):
        answer = await admin.post(path, fields)
        assert (answer.status_code, "master key" in answer.text, MASTER_KEY in answer.text) == (409, True, False)
    assert await admin.known(MASTER_KEY) is None
    assert await admin.known(made["key"]) is not None


async def test_an_alias_that_is_taken_is_refused(admin: Client) -> None:
    await admin.made("/key/generate", key_alias="ci")
    assert "`ci` exists already" in await admin.refused("/key/generate", key_alias="ci")


async def test_a_type_of_key_is_a_word_for_its_routes(admin: Client) -> None:
    assert (await admin.made("/key/generate", key_type="llm_api"))["allowed_routes"] == ["llm_api_routes"]
    assert (await admin.made("/key/generate", key_type="read_only"))["allowed_routes"] == ["info_routes"]
    assert (await admin.made("/key/generate", key_type="management"))["allowed_routes"] == ["management_routes"]
    assert "`allowed_routes`" in await admin.refused("/key/generate", key_type="llm_api", allowed_routes=["/x"])


async def test_info_is_asked_by_key_and_by_hash(admin: Client) -> None:
    made = await admin.made("/key/generate", key_alias="ci")
    for name in (made["key"], made["token"]):
        info = await admin.shown("/key/info", key=name)
        assert (info["key"], info["info"]["key_alias"]) == (made["token"], "ci")


async def test_info_without_a_name_is_the_callers_own(admin: Client) -> None:
    made = await admin.made("/key/generate")
    known = await admin.known(made["key"])
    assert known is not None
    admin.caller = known
    assert (await admin.shown("/key/info"))["key"] == made["token"]


async def test_the_master_key_has_no_info(admin: Client) -> None:
    answer = await admin.get("/key/info")
    assert (answer.status_code, "`key` is missing" in answer.text) == (400, True)


async def test_a_key_is_shown_in_clear_text_once(admin: Client) -> None:
    key = (await admin.made("/key/generate", key="sk-" + "secret" * 5))["key"]
    for answer in (
        await admin.get("/key/info", key=key),
        await admin.get("/key/list", return_full_object=True),
        await admin.post("/key/update", {"key": key, "models": ["a"]}),
        await admin.post("/key/block", {"key": key}),
        await admin.post("/key/delete", {"keys": [key]}),
        await admin.post("/key/delete", {"keys": [key]}),
    ):
        assert key not in answer.text


async def test_an_update_changes_what_is_sent_alone(admin: Client) -> None:
    made = await admin.made("/key/generate", **EVERYTHING)
    changed = await admin.made("/key/update", key=made["key"], models=["o1"], rpm_limit=5)
    del made["key"], changed["key"]
    assert changed == {**made, "models": ["o1"], "rpm_limit": 5}


async def test_null_takes_away_a_name_but_opens_no_list(admin: Client) -> None:
    made = await admin.made("/key/generate", **EVERYTHING)
    changed = await admin.made("/key/update", key=made["key"], **dict.fromkeys(EVERYTHING))
    taken = ("key_alias", "team_id", "user_id", "organization_id", "project_id", "max_budget")
    assert [changed[name] for name in taken] == [None] * len(taken)
    for name in ("models", "aliases", "access_group_ids", "allowed_routes", "metadata", "blocked"):
        assert changed[name] == EVERYTHING[name]


async def test_an_empty_list_opens_a_key(admin: Client) -> None:
    made = await admin.made("/key/generate", models=["gpt-4"])
    assert (await admin.made("/key/update", key=made["token"], models=[]))["models"] == []


async def test_a_blocked_key_is_blocked_until_it_is_unblocked(admin: Client) -> None:
    key = (await admin.made("/key/generate"))["key"]
    for path, blocked in (("/key/block", True), ("/key/unblock", False)):
        assert (await admin.made(path, key=key))["blocked"] is blocked
        known = await admin.known(key)
        assert known is not None
        assert known.key is not None
        assert known.key.blocked is blocked


async def test_a_list_is_paged(admin: Client) -> None:
    for _ in range(4):
        await admin.made("/key/generate", team_id="red")
    first = await admin.shown("/key/list", size=3)
    second = await admin.shown("/key/list", size=3, page=2)
    assert (first["total_count"], first["current_page"], first["total_pages"]) == (5, 1, 2)
    assert len({*first["keys"], *second["keys"]}) == 5
    assert first["keys"][0] == OTHER


async def test_a_list_may_be_narrowed(admin: Client) -> None:
    names: dict[str, str | int | bool] = {
        "team_id": "red",
        "user_id": "alice",
        "organization_id": "acme",
        "project_id": "search",
    }
    red = await admin.made("/key/generate", **names)
    await admin.made("/key/generate", key_alias="ci")
    for query in (*({name: value} for name, value in names.items()), {"key_hash": red["token"]}):
        assert (await admin.shown("/key/list", **query))["keys"] == [red["token"]]
    (found,) = (await admin.shown("/key/list", key_alias="ci", return_full_object=True))["keys"]
    assert found["key_alias"] == "ci"


@pytest.mark.parametrize(("path", "fields"), [
    ("/key/update", {"key": "sk-nobody"}),
    ("/key/block", {"key": "sk-nobody"}),
    ("/key/delete", {"keys": ["sk-nobody"]}),
    ("/key/delete", {"key_aliases": ["nobody"]}),
    ("/key/regenerate", {"key": "sk-nobody"}),
])  # fmt: skip
async def test_a_key_that_is_missing_is_not_found(admin: Client, path: str, fields: dict[str, object]) -> None:
    answer = await admin.post(path, fields)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")


async def test_what_the_config_declares_is_shown_but_not_changed(admin: Client) -> None:
    assert (await admin.shown("/key/info", key=OTHER))["info"]["declared"] is True
    for path, fields in (
        ("/key/update", {"key": OTHER}),
        ("/key/block", {"key": OTHER}),
        ("/key/delete", {"keys": [OTHER]}),
        ("/key/regenerate", {"key": OTHER}),
    ):
        answer = await admin.post(path, fields)
        assert (answer.status_code, "declared in the config file" in answer.text) == (409, True)
