"""A database of the schema before objects had owners."""

from modelward.contract import Catalog
from modelward.store import Store, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import HASH, by_hand, key, run_by_hand, set_by_hand
from store.objects import ACCOUNT, ALICE, response
from store.schema import differences
from store.waiting import LONG_ENOUGH, is_blocked, until

_KEY = (
    "INSERT INTO keys (hash, key_name, models, aliases, blocked, allowed_routes, metadata, extra, created_at, "
    "updated_at) VALUES ('{hash}', 'sk-...', '[]', '{{}}', false, '[]', '{{}}', '{{}}', '{at}', '{at}')"
)


async def fill_second_schema(url: str) -> None:
    """Make the second schema in an empty database, with a key."""
    await migrate(database_url(url), "0002")
    await run_by_hand(url, _KEY.format(hash=HASH, at="2026-01-31 12\\:00\\:00"))


async def test_an_upgrade_keeps_the_keys_and_takes_objects(url: str) -> None:
    await fill_second_schema(url)
    async with open_store(url, declared=Catalog) as store:
        stored = await store.keys.get(HASH)
        assert (stored.token, stored.models, stored.blocked) == (HASH, [], False)
        await store.objects.bind([response()], ACCOUNT)
        assert await store.objects.find("response", "resp_1", ALICE) == response()
    async with by_hand(url) as connection:
        assert await connection.run_sync(differences) == []


async def test_a_change_by_hand_binds_in_an_upgraded_database(url: str) -> None:
    await fill_second_schema(url)
    async with open_store(url, declared=Catalog) as store:
        assert not is_blocked(await store.caller(HASH))
        await set_by_hand(url, "keys", blocked=True)

        async def refused() -> bool:
            return is_blocked(await store.caller(HASH))

        assert await until(refused, LONG_ENOUGH)


async def test_a_second_start_keeps_the_owners(store: Store, url: str) -> None:
    await store.keys.add(key())
    await store.objects.bind([response()], ACCOUNT)
    async with open_store(url, declared=Catalog) as again:
        assert await again.objects.find("response", "resp_1", ALICE) == response()
