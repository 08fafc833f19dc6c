"""An object is its owner's, and to everybody else it does not exist."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from modelward.contract import Catalog, ObjectKind, StateObject, Use
from modelward.errors import StoreUnavailable
from modelward.store import Store, open_read_only, open_store
from store.databases import by_hand, run_by_hand
from store.objects import ACCOUNT, ALICE, BOB, USE, owners_of, response
from store.test_failing import empty
from store.test_queries import scans
from store.unwatched import unwatched

LONG = "".join(chr(0x10000 + 7_919 * number % 50_000) for number in range(600))  # nothing that a database could shorten


async def test_an_object_is_found_as_it_was_bound(store: Store) -> None:
    made = response(uses=(USE, Use("/v1/embeddings", ("\x00\ud800",), ("ü",))))
    await store.objects.bind([made], ACCOUNT)
    assert await store.objects.find("response", "resp_1", ALICE) == made


async def test_an_object_of_another_owner_kind_or_id_does_not_exist(store: Store) -> None:
    await store.objects.bind([response()], ACCOUNT)
    assert await store.objects.find("response", "resp_1", BOB) is None
    assert await store.objects.find("file", "resp_1", ALICE) is None
    assert await store.objects.find("response", "RESP_1", ALICE) is None
    assert await store.objects.find("response", "resp_1 ", ALICE) is None


async def test_a_bound_object_is_seen_by_every_connection(store: Store, url: str) -> None:
    async with (
        open_store(url, declared=Catalog) as other,
        open_read_only(url, declared=Catalog) as reader,
    ):
        for number in range(10):
            await store.objects.bind([response(f"resp_{number}")], ACCOUNT)
            assert await other.objects.find("response", f"resp_{number}", ALICE) is not None
            assert await reader.objects.find("response", f"resp_{number}", ALICE) is not None


async def test_the_same_id_in_another_account_is_another_object(store: Store) -> None:
    await store.objects.bind([response()], ACCOUNT)
    await store.objects.bind([response(owner=BOB, deployment="azure")], ["azure"])
    found = [await store.objects.find("response", "resp_1", owner) for owner in (ALICE, BOB)]
    assert [each and each.deployment for each in found] == ["gpt-4-east", "azure"]


async def test_another_kind_with_the_same_id_stays(store: Store) -> None:
    await store.objects.bind([StateObject("file", "resp_1", ALICE, "gpt-4-east")], ACCOUNT)
    await store.objects.bind([response(owner=BOB)], ACCOUNT)
    assert await store.objects.find("file", "resp_1", ALICE) is not None


async def test_an_object_bound_anew_has_the_new_deployment_and_uses(store: Store) -> None:
    newer = response(deployment="gpt-4-west", uses=(replace(USE, models=("o1",), customer=None),))
    await store.objects.bind([response(uses=(USE,))], ACCOUNT)
    await store.objects.bind([newer], ACCOUNT)
    assert await store.objects.find("response", "resp_1", ALICE) == newer


async def test_an_object_bound_anew_without_uses_keeps_those_it_has(store: Store) -> None:
    await store.objects.bind([response(uses=(USE,))], ACCOUNT)
    await store.objects.bind([response(), response("resp_2")], ACCOUNT)
    assert await store.objects.find("response", "resp_1", ALICE) == response(uses=(USE,))
    assert await store.objects.find("response", "resp_2", ALICE) == response("resp_2")


async def test_many_objects_are_bound_together_and_found_together(store: Store) -> None:
    made = [response(f"resp_{number}") for number in range(1_200)]
    await store.objects.bind(made, ACCOUNT)
    foreign = response("resp_foreign", BOB)
    await store.objects.bind([foreign], ACCOUNT)
    asked = [(each.kind, each.id) for each in [*made, *made, foreign, response("resp_none"), response("\x00")]]
    assert await store.objects.find_all(asked, ALICE) == {(each.kind, each.id): each for each in made}


async def test_objects_of_several_kinds_are_found_with_one_query_by_an_index(url: str) -> None:
    async with unwatched(url) as opened, by_hand(url) as connection:
        await opened.store.objects.bind([response(), StateObject("file", "f", ALICE, "gpt-4-east")], ACCOUNT)
        opened.sent.clear()
        assert len(await opened.store.objects.find_all([("response", "resp_1"), ("file", "f")], ALICE)) == 2
        await opened.store.objects.page("file", ALICE, limit=10, after="f")
        assert len(opened.sent) == 3
        plans = [await scans(connection, statement, parameters) for statement, parameters in opened.sent]
        assert [step for steps in plans for step in steps if "objects" in step] == []


async def test_nothing_to_find_or_to_bind_costs_no_query(url: str) -> None:
    async with unwatched(url) as opened:
        assert await opened.store.objects.find_all([], ALICE) == {}
        await opened.store.objects.bind([], ACCOUNT)
        assert opened.sent == []


async def test_a_forgotten_object_does_not_exist(store: Store) -> None:
    await store.objects.bind([response(), response("resp_2")], ACCOUNT)
    for _ in range(2):
        await store.objects.forget("response", "resp_1", ALICE)
    await store.objects.forget("response", "resp_2", BOB)
    await store.objects.forget("response", "\x00", ALICE)
    assert await store.objects.find("response", "resp_1", ALICE) is None
    assert await store.objects.find("response", "resp_2", ALICE) is not None


@pytest.mark.parametrize("object_id", ["a\x00b", "\ud800", "x" * 2_049])
async def test_an_id_that_cannot_be_kept_is_bound_to_nobody(store: Store, object_id: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be kept"):
        await store.objects.bind([response(), response(object_id)], ACCOUNT)
    assert await store.objects.find("response", object_id, ALICE) is None
    assert await store.objects.page("response", ALICE, limit=10, after=object_id) == []
    assert await store.objects.find("response", "resp_1", ALICE) is None


@pytest.mark.parametrize("owner", ["team:" + LONG, "user:\x00", "user:\ud800", "team:" + "x" * 100_000])
async def test_the_longest_id_and_an_owner_of_any_name_fit(store: Store, owner: str) -> None:
    made = response(LONG[:512], owner)
    await store.objects.bind([made], ACCOUNT)
    assert await store.objects.find("response", made.id, owner) == made
    assert await store.objects.find("response", made.id, owner + "x") is None
    await store.objects.bind([replace(made, owner=BOB)], ACCOUNT)
    assert await owners_of(store, made.id, [owner, BOB]) == []


async def test_no_owner_is_taken_for_the_digest_of_another(store: Store, url: str) -> None:
    await store.objects.bind([response(owner="team:" + LONG)], ACCOUNT)
    async with by_hand(url) as connection:
        ((stored,),) = await connection.exec_driver_sql("SELECT owner FROM objects")
    assert await store.objects.find("response", "resp_1", stored) is None


async def test_objects_bound_at_once_are_all_kept(store: Store) -> None:
    made = [response(f"resp_{number}") for number in range(15)]  # none waits for a connection, however slow the disk is
    await asyncio.gather(*(store.objects.bind([each], ACCOUNT) for each in made))
    assert len(await store.objects.find_all([(each.kind, each.id) for each in made], ALICE)) == 15


@pytest.mark.parametrize(
    "uses", ['"x"', "5", "null", "{}", "[{}]", '[{"path": "/", "models": [1], "upstream": [], "customer": null}]']
)
async def test_an_object_with_spoiled_uses_is_an_error_and_not_one_without(store: Store, url: str, uses: str) -> None:
    await store.objects.bind([response()], ACCOUNT)
    await run_by_hand(url, f"UPDATE objects SET uses = '{uses}'".replace(": ", r"\: "))
    with pytest.raises(StoreUnavailable):
        await store.objects.find("response", "resp_1", ALICE)


async def test_a_database_that_is_gone_tells_of_no_object(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path / 'modelward.db'}", declared=Catalog) as store:
        await store.objects.bind([response()], ACCOUNT)
        empty(tmp_path)
        for asked in (
            store.objects.find("response", "resp_1", ALICE),
            store.objects.page("response", ALICE, limit=1, after=None),
            store.objects.bind([response()], ACCOUNT),
            store.objects.forget("response", "resp_1", ALICE),
        ):
            with pytest.raises(StoreUnavailable):
                await asked


async def test_an_object_is_known_whoever_has_it(store: Store) -> None:
    await store.objects.bind([response()], ACCOUNT)
    for owner in (ALICE, BOB):
        await store.objects.bind([response("resp_2", owner)], ACCOUNT)
    asked: list[tuple[ObjectKind, str]] = [("response", f"resp_{number}") for number in range(501)]
    asked += [("file", "resp_1"), ("response", "resp_\x00")]
    assert await store.objects.known(asked) == {("response", "resp_1"), ("response", "resp_2")}
