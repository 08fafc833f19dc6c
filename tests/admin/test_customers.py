"""`/customer/...`"""

from admin.client import Client
from modelward.contract import Customer


async def seen(admin: Client) -> Customer | None:
    """The customer as the rules see it."""
    found = await admin.store.customer("c1")
    return None if found is None else Customer(**found.model_dump())


async def test_a_customer_without_an_id_is_refused(admin: Client) -> None:
    assert "`user_id`" in await admin.refused("/customer/new", alias="Customer")


async def test_the_rules_see_a_customers_change_when_the_call_returns(admin: Client) -> None:
    await admin.made("/customer/new", user_id="c1")
    assert await seen(admin) == Customer(user_id="c1")
    await admin.made("/customer/update", user_id="c1", models=["gpt-4"])
    assert await seen(admin) == Customer(user_id="c1", models=["gpt-4"])
    assert (await admin.made("/customer/delete", user_ids=["c1"]))["deleted_customers"] == 1
    assert await seen(admin) is None


async def test_an_update_without_a_word_of_it_lifts_no_block(admin: Client) -> None:
    await admin.made("/customer/new", user_id="c1", alias="Customer", blocked=True)
    for fields in ({"alias": None}, {"blocked": None}):
        assert (await admin.made("/customer/update", user_id="c1", **fields))["blocked"] is True
    assert (await admin.shown("/customer/info", end_user_id="c1"))["alias"] is None


async def test_a_customer_is_blocked_until_it_is_unblocked(admin: Client) -> None:
    await admin.made("/customer/new", user_id="c1", models=["gpt-4"])
    (blocked,) = (await admin.made("/customer/block", user_ids=["c1"]))["blocked_users"]
    assert (blocked["blocked"], blocked["models"]) == (True, ["gpt-4"])
    assert await seen(admin) == Customer(user_id="c1", models=["gpt-4"], blocked=True)
    assert await admin.made("/customer/unblock", user_ids=["c1"]) == {"blocked_users": []}
    assert await seen(admin) == Customer(user_id="c1", models=["gpt-4"])


async def test_a_customer_without_a_record_can_be_blocked(admin: Client) -> None:
    await admin.made("/customer/block", user_ids=["c1", "c2"])
    assert await seen(admin) == Customer(user_id="c1", blocked=True)
    assert await admin.made("/customer/unblock", user_ids=["c2"]) == {"blocked_users": ["c1"]}


async def test_a_customer_without_a_record_cannot_be_unblocked(admin: Client) -> None:
    assert "`c1`" in await admin.refused_with(404, "POST", "/customer/unblock", {"user_ids": ["c1"]})


async def test_customers_are_blocked_and_unblocked_all_or_none(admin: Client) -> None:
    await admin.refused_with(409, "POST", "/customer/block", {"user_ids": ["c1", "declared-customer"]})
    assert await seen(admin) is None
    await admin.made("/customer/block", user_ids=["c1"])
    await admin.refused_with(404, "POST", "/customer/unblock", {"user_ids": ["c1", "nobody"]})
    assert await seen(admin) == Customer(user_id="c1", blocked=True)


async def test_a_customer_may_be_blocked_and_unblocked_again(admin: Client) -> None:
    first = await admin.made("/customer/block", user_ids=["c1", "c1"])
    assert await admin.made("/customer/block", user_ids=["c1"]) == first
    assert len(first["blocked_users"]) == 1
    for _ in range(2):
        assert await admin.made("/customer/unblock", user_ids=["c1"]) == {"blocked_users": []}


async def test_a_declared_customer_cannot_be_blocked(admin: Client) -> None:
    for path in ("/customer/block", "/customer/unblock"):
        await admin.refused_with(409, "POST", path, {"user_ids": ["declared-customer"]})


async def test_info_shows_a_customer(admin: Client) -> None:
    made = await admin.made("/customer/new", user_id="c1", metadata={"a": 1})
    assert await admin.shown("/customer/info", end_user_id="c1") == made
    assert "`nobody`" in await admin.refused_with(404, "GET", "/customer/info?end_user_id=nobody")
    assert "`end_user_id`" in await admin.refused_with(400, "GET", "/customer/info")
