"""`/user/...`"""

import pytest

from admin.client import Client
from modelward.contract import Caller
from modelward.store import UserRecord

ALICE = UserRecord(user_id="alice", user_role="internal_user", models=["gpt-4"], extra={"max_budget": 12.5})


@pytest.fixture(autouse=True)
async def alice(admin: Client) -> None:
    """A user with a record."""
    await admin.store.users.put(ALICE)


async def test_info_without_an_id_is_the_callers_own_record_and_key(admin: Client) -> None:
    await admin.made("/key/generate", user_id="alice")
    own = await admin.made("/key/generate", user_id="alice")
    await admin.call_as(own["key"])
    info = await admin.shown("/user/info")
    assert (info["user_id"], info["teams"]) == ("alice", [])
    assert [key["token"] for key in info["keys"]] == [own["token"]]
    user = info["user_info"]
    assert (user["user_role"], user["models"], user["max_budget"]) == ("internal_user", ["gpt-4"], 12.5)


async def test_info_shows_an_admin_any_user_with_all_keys(admin: Client) -> None:
    made = [(await admin.made("/key/generate", user_id="alice"))["token"] for _ in range(2)]
    info = await admin.shown("/user/info", user_id="alice")
    assert (info["user_info"]["user_id"], {key["token"] for key in info["keys"]}) == ("alice", set(made))


async def test_a_proxy_admins_key_shows_all_keys_of_a_user(admin: Client) -> None:
    made = [(await admin.made("/key/generate", user_id="alice"))["token"] for _ in range(2)]
    admin.caller = Caller(kind="key", user=UserRecord(user_id="root", user_role="proxy_admin").subject())
    assert {key["token"] for key in (await admin.shown("/user/info", user_id="alice"))["keys"]} == set(made)


async def test_a_declared_user_is_shown_as_such(admin: Client) -> None:
    assert (await admin.shown("/user/info", user_id="declared-user"))["user_info"]["declared"] is True


async def test_a_user_without_a_record_is_not_found(admin: Client) -> None:
    answer = await admin.get("/user/info", user_id="nobody")
    assert (answer.status_code, "`nobody`" in answer.json()["error"]["message"]) == (404, True)


async def test_info_without_an_id_is_refused_to_who_has_no_user(admin: Client) -> None:
    answer = await admin.get("/user/info")
    assert (answer.status_code, "`user_id` is missing" in answer.text) == (400, True)
