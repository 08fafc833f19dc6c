"""The API as a whole."""

from pathlib import Path

from admin.client import DECISION, Client, client_of
from modelward.identity import key_hash
from modelward.store import Store

ROUTES = {
    "/key/generate": "post",
    "/key/update": "post",
    "/key/delete": "post",
    "/key/block": "post",
    "/key/unblock": "post",
    "/key/regenerate": "post",
    "/key/{key}/regenerate": "post",
    "/key/info": "get",
    "/key/list": "get",
    "/team/new": "post",
    "/team/update": "post",
    "/team/delete": "post",
    "/team/block": "post",
    "/team/unblock": "post",
    "/team/info": "get",
    "/team/list": "get",
    "/user/info": "get",
}


async def test_the_documentation_holds_every_route(admin: Client) -> None:
    document = await admin.shown("/openapi.json")
    assert {path: next(iter(methods)) for path, methods in document["paths"].items()} == ROUTES
    assert (await admin.get("/docs")).status_code == 200


async def test_every_body_has_an_example(admin: Client) -> None:
    document = await admin.shown("/openapi.json")
    bodies = [methods["post"] for methods in document["paths"].values() if "post" in methods]
    for body in bodies:
        schema = body["requestBody"]["content"]["application/json"]["schema"]
        reference = schema.get("$ref") or schema["anyOf"][0]["$ref"]
        assert document["components"]["schemas"][reference.rpartition("/")[2]]["examples"]


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
    content = b"".join(read(tmp_path))
    assert key_hash(renewed).encode() in content
    for key in (generated, chosen, renewed):
        assert key.encode() not in content
        assert key.removeprefix("sk-").encode() not in content


def read(folder: Path) -> list[bytes]:
    """The content of the files in a folder."""
    return [file.read_bytes() for file in folder.iterdir()]


async def test_a_database_that_is_gone_is_503_and_not_to_be_tried_again(admin: Client, tmp_path: Path) -> None:
    for file in list_of(tmp_path):
        file.unlink()
    answer = await admin.post("/key/generate", {})
    assert (answer.status_code, answer.headers["x-should-retry"]) == (503, "false")
    assert str(tmp_path) not in answer.text
    assert f"(decision {DECISION})" in answer.text


def list_of(folder: Path) -> list[Path]:
    """The files in a folder."""
    return list(folder.iterdir())
