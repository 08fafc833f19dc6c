"""What reaches the admin API: only what was allowed, as it was judged (A3)."""

from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from gateway.asgi import ask
from gateway.configs import MASTER_KEY
from gateway.gates import BODY_LIMIT, GateSetup
from modelward.admin import admin_app
from modelward.contract import Catalog, Owner, Subject, Team, User
from modelward.identity import key_hash
from modelward.store import open_store

MANAGED = ["key", "user", "team", "organization", "project", "customer", "access_group", "model", "config"]


@pytest.mark.parametrize("area", MANAGED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_management_path_needs_an_admin_served_or_not(plain: GateSetup, area: str, method: str) -> None:
    answer = await plain.call(method, f"/{area}/anything", key="sk-any", content={})
    assert (answer.status, answer.error_type) == (401, "auth_error")
    assert not plain.admin.scopes


async def test_an_admins_request_reaches_the_admin_api_with_its_caller_and_its_body(plain: GateSetup) -> None:
    headers = {"Content-Type": "text/plain", "X-Other": "1"}
    answer = await plain.call("POST", "/key/generate", key=MASTER_KEY, content={"models": []}, headers=headers)
    (scope,) = plain.admin.scopes
    assert answer.status == 201
    assert plain.admin.bodies == [b'{"models":[]}']
    assert scope["state"]["caller"].kind == "master"
    assert [value for name, value in scope["headers"] if name == b"content-type"] == [b"application/json"]
    assert (b"x-other", b"1") in scope["headers"]


async def test_the_admin_api_sees_the_path_that_was_judged_and_the_decisions_id(plain: GateSetup) -> None:
    answer = await plain.call("POST", "/key/%67enerate", key=MASTER_KEY, content={})
    (scope,) = plain.admin.scopes
    assert scope["path"] == "/key/%67enerate"
    (line,) = await plain.lines()
    assert (answer.status, scope["state"]["decision_id"]) == (201, line["id"])


async def test_a_proxy_admins_key_manages(plain: GateSetup) -> None:
    plain.people.add("sk-admin", user=User(user_id="a", user_role="proxy_admin"))
    assert (await plain.call("POST", "/team/new", key="sk-admin", content={})).status == 201


@pytest.mark.parametrize("role", ["internal_user", "proxy_admin_viewer", "PROXY_ADMIN", None])
async def test_no_other_role_manages(plain: GateSetup, role: str | None) -> None:
    plain.people.add("sk-user", user=User(user_id="a", user_role=role))
    assert (await plain.call("POST", "/team/new", key="sk-user", content={})).status == 401


OWN = ["/key/info", f"/key/info?key={key_hash('sk-dev')}", "/key/info?key=sk-dev", "/team/info", "/user/info"]


@pytest.mark.parametrize("target", [*OWN, "/team/info?team_id=t", "/user/info?user_id=u"])
async def test_a_caller_may_read_its_own_records(plain: GateSetup, target: str) -> None:
    plain.people.add("sk-dev", team=Team(team_id="t"), user=User(user_id="u"))
    assert (await plain.call("GET", target, key="sk-dev")).status == 201


OTHERS = ["/key/info?key=sk-any", "/key/info?key=", "/team/info?team_id=t2", "/user/info?user_id=U", "/key/%69nfo"]


@pytest.mark.parametrize("target", [*OTHERS, "/key/info/", "/team/list"])
async def test_a_caller_may_not_read_another_record(plain: GateSetup, target: str) -> None:
    plain.people.add("sk-dev", team=Team(team_id="t"), user=User(user_id="u"))
    assert (await plain.call("GET", target, key="sk-dev")).status == 401
    assert not plain.admin.scopes


@pytest.mark.parametrize("target", ["/key/info", "/team/info", "/user/info"])
async def test_who_asks_for_its_own_record_is_told_to_the_admin_api(plain: GateSetup, target: str) -> None:
    plain.people.add("sk-dev", team=Team(team_id="t"), user=User(user_id="u"))
    await plain.call("GET", target, key="sk-dev")
    (scope,) = plain.admin.scopes
    assert scope["state"]["subject"] == Subject(team_id="t", user_id="u", role=None, owner=Owner(kind="team", id="t"))
    shown = scope["state"]["shows"]
    assert (shown.everything, shown.key_hash, shown.user_id) == (False, key_hash("sk-dev"), "u")


async def test_an_admin_is_told_to_the_admin_api(plain: GateSetup) -> None:
    await plain.call("GET", "/key/info", key=MASTER_KEY)
    (scope,) = plain.admin.scopes
    assert scope["state"]["shows"].everything


async def test_a_record_named_twice_is_400(plain: GateSetup) -> None:
    plain.people.add("sk-dev", team=Team(team_id="t"))
    assert (await plain.call("GET", "/team/info?team_id=t&team_id=t2", key="sk-dev")).status == 400


async def test_an_admin_may_read_any_record(plain: GateSetup) -> None:
    assert (await plain.call("GET", "/key/info?key=sk-any", key=MASTER_KEY)).status == 201


async def test_a_body_longer_than_the_limit_is_413(plain: GateSetup) -> None:
    answer = await plain.call("POST", "/key/generate", key=MASTER_KEY, raw=b" " * (BODY_LIMIT + 1))
    assert answer.status == 413
    assert not plain.admin.scopes


async def test_the_status_of_the_admin_api_is_logged(plain: GateSetup) -> None:
    await plain.call("POST", "/key/generate", key=MASTER_KEY, content={})
    (line,) = await plain.lines()
    assert (line["status"], line["allow"], line["route"]) == (201, True, "/key/{path}")


@pytest.mark.parametrize("path", ["/key/generate/", "/key//generate", "/key/%67enerate", "/team/new/"])
async def test_the_admin_api_mends_no_path(plain: GateSetup, tmp_path: Path, path: str) -> None:
    await plain.call("POST", path, key=MASTER_KEY, content={}, headers={"Host": "elsewhere.invalid"})
    (judged,) = plain.admin.scopes
    async with open_store(f"sqlite:///{tmp_path / 'modelward.db'}", declared=Catalog) as store:
        app = admin_app(store)

        async def behind_the_gate(_: Scope, receive: Receive, send: Send) -> None:
            await app(judged, receive, send)

        answer = await ask(behind_the_gate, "POST", path, body=[b"{}"])
    assert answer.status == 404
    assert "location" not in answer.headers
