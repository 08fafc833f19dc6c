"""The API as a whole."""

from pathlib import Path

from admin.client import DECISION, Client, client_of
from admin.files import content_of, files_of
from modelward.contract import Caller, User
from modelward.identity import key_hash
from modelward.store import Store

ROUTES = {
    "/key/generate": {"post"},
    "/key/update": {"post"},
    "/key/delete": {"post"},
    "/key/block": {"post"},
    "/key/unblock": {"post"},
    "/key/regenerate": {"post"},
    "/key/{key}/regenerate": {"post"},
    "/key/info": {"get"},
    "/key/list": {"get"},
    "/team/new": {"post"},
    "/team/update": {"post"},
    "/team/delete": {"post"},
    "/team/block": {"post"},
    "/team/unblock": {"post"},
    "/team/info": {"get"},
    "/team/list": {"get"},
    "/team/member_add": {"post"},
    "/team/member_update": {"post"},
    "/team/member_delete": {"post"},
    "/user/new": {"post"},
    "/user/update": {"post"},
    "/user/delete": {"post"},
    "/user/info": {"get"},
    "/user/list": {"get"},
    "/organization/new": {"post"},
    "/organization/update": {"patch"},
    "/organization/delete": {"delete"},
    "/organization/info": {"get", "post"},
    "/organization/list": {"get"},
    "/project/new": {"post"},
    "/project/update": {"post"},
    "/project/delete": {"delete"},
    "/project/info": {"get"},
    "/project/list": {"get"},
    "/customer/new": {"post"},
    "/customer/update": {"post"},
    "/customer/delete": {"post"},
    "/customer/block": {"post"},
    "/customer/unblock": {"post"},
    "/customer/info": {"get"},
    "/customer/list": {"get"},
    "/v1/access_group": {"get", "post"},
    "/v1/access_group/{access_group_id}": {"get", "put", "delete"},
    "/jwt/key/mapping/new": {"post"},
    "/jwt/key/mapping/update": {"post"},
    "/jwt/key/mapping/delete": {"post"},
    "/jwt/key/mapping/info": {"get"},
    "/jwt/key/mapping/list": {"get"},
}


async def test_the_documentation_holds_every_route(admin: Client) -> None:
    document = await admin.shown("/openapi.json")
    assert {path: set(methods) for path, methods in document["paths"].items()} == ROUTES
    assert (await admin.get("/docs")).status_code == 200


async def test_every_body_has_an_example(admin: Client) -> None:
    document = await admin.shown("/openapi.json")
    routes = [route for methods in document["paths"].values() for route in methods.values()]
    bodies = [route["requestBody"] for route in routes if "requestBody" in route]
    assert len(bodies) == sum(len(methods & {"post", "patch"}) for methods in ROUTES.values()) + 3
    for body in bodies:
        schema = body["content"]["application/json"]["schema"]
        reference = schema.get("$ref") or schema["anyOf"][0]["$ref"]
        assert document["components"]["schemas"][reference.rpartition("/")[2]]["examples"]


async def test_every_answer_has_a_form(admin: Client) -> None:
    document = await admin.shown("/openapi.json")
    for methods in document["paths"].values():
        for route in methods.values():
            answers = [answer for status, answer in route["responses"].items() if status in {"200", "201"}]
            assert all(answer["content"]["application/json"]["schema"] for answer in answers)
            assert answers or set(route["responses"]) >= {"204"}


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
