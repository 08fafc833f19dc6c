"""The API as a whole."""

from pathlib import Path

from admin.client import DECISION, Client, client_of
from admin.files import content_of, files_of
from modelward.contract import Caller, User
from modelward.identity import key_hash
from modelward.store import Store


async def test_a_key_lives_and_ends_on_every_database(store: Store) -> None:
    async with client_of(store) as admin:
        await admin.made("/team/new", team_id="red", models=["gpt-4"])
        made = await admin.made("/key/generate", team_id="red", key_alias="ci", duration="30d", metadata={"ü": "\x00"})
        await admin.made("/key/update", key=made["key"], models=["gpt-4"])
        renewed = await admin.made("/key/regenerate", key=made["key"])
        assert (await admin.shown("/team/info", team_id="red"))["keys"][0]["token"] == renewed["token"]
        await admin.made("/team/delete", team_ids=["red"])
        assert await store.caller(key_hash(renewed["key"])) is None


async def test_no_key_is_in_the_files_of_the_database(admin: Client, tmp_path: Path) -> None:
    generated = (await admin.made("/key/generate"))["key"]
    chosen = (await admin.made("/key/generate", key="sk-1234"))["key"]
    renewed = (await admin.made("/key/regenerate", key=generated))["key"]
    content = content_of(tmp_path)
    assert key_hash(renewed).encode() in content
    for key in (generated, chosen, renewed):
        assert key.encode() not in content
        assert key.removeprefix("sk-").encode() not in content


async def test_a_database_that_is_gone_is_503_and_not_to_be_tried_again(admin: Client, tmp_path: Path) -> None:
    for file in files_of(tmp_path):
        file.unlink()
    answer = await admin.post("/key/generate", {})
    assert (answer.status_code, answer.headers["x-should-retry"]) == (503, "false")
    assert str(tmp_path) not in answer.text
    assert f"(decision {DECISION})" in answer.text


async def test_a_change_is_recorded_under_the_callers_best_name(admin: Client) -> None:
    named = await admin.made("/key/generate", key_alias="ci")
    nameless = await admin.made("/key/generate")
    owned = await admin.made("/key/generate", key_alias="cd", user_id="alice")
    for key, name in ((named, "ci"), (nameless, nameless["token"]), (owned, "alice")):
        await admin.call_as(key["key"])
        assert (await admin.made("/project/new"))["created_by"] == name
    for caller, name in ((Caller(kind="jwt", user=User(user_id="bob")), "bob"), (Caller(kind="jwt"), "jwt")):
        admin.caller = caller
        assert (await admin.made("/project/new"))["created_by"] == name
