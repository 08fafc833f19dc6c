"""A database of the schema in which objects were owned by ids."""

from modelward.contract import Catalog
from modelward.store import Store, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from modelward.store.objects import owner_column
from store.databases import HASH, by_hand, key, run_by_hand, team
from store.objects import ACCOUNT, owner_of_key, response
from store.schema import differences
from store.test_upgrade_objects import fill_second_schema

LONG = "é" * 300
OWNERS = {
    "key": f"key:{HASH}",
    "team": "team:red",
    "long": f"team:{LONG}",
    "user": "user:ann",
    "declared": "team:declared",
    "gone": "key:" + "0" * 64,
    "contested": "contested:gpt-4",
    "master": "master",
}
_TEAM = (
    "INSERT INTO teams (team_id, models, model_aliases, blocked, metadata, extra, created_at, updated_at) "
    "VALUES ('{id}', '[]', '{{}}', false, '{{}}', '{{}}', '{at}', '{at}')"
)
_USER = "INSERT INTO users (user_id, models, teams, metadata, extra) VALUES ('ann', '[]', '[]', '{}', '{}')"
_OBJECT = (
    "INSERT INTO objects (kind, id, owner, deployment, uses, created_at) "
    "VALUES ('response', '{id}', '{owner}', 'gpt-4-east', '[]', '{at}')"
)
_AT = "2026-01-31 12\\:00\\:00"


def _literal(text: str) -> str:
    return text.replace(":", "\\:")


async def fill_third_schema(url: str) -> None:
    """Make the third schema in an empty database, with records and with an object of each owner."""
    await fill_second_schema(url)
    await migrate(database_url(url), "0003")
    rows = [_TEAM.format(id=each, at=_AT) for each in ("red", LONG)]
    rows += [_OBJECT.format(id=name, owner=_literal(owner_column(owner)), at=_AT) for name, owner in OWNERS.items()]
    await run_by_hand(url, *rows, _USER)


async def _owned(store: Store, owner: str) -> list[str]:
    return [each.id for each in await store.objects.page("response", owner, limit=100, after=None)]


async def _owner(store: Store, key_hash: str) -> str:
    return await owner_of_key(store, key_hash)


async def test_an_upgrade_gives_every_record_its_objects_and_leaves_the_others(url: str) -> None:
    await fill_third_schema(url)
    async with open_store(url, declared=Catalog) as store:
        for number, fields in enumerate(({"team_id": "red"}, {"team_id": LONG}, {"user_id": "ann"})):
            await store.keys.add(key(str(number) * 64, **fields))
        owners = [await _owner(store, each) for each in (HASH, "0" * 64, "1" * 64, "2" * 64)]
        assert [await _owned(store, each) for each in owners] == [["key"], ["team"], ["long"], ["user"]]
        for name in ("declared", "gone", "contested", "master"):
            assert await _owned(store, OWNERS[name]) == [name]
        for name in ("key", "team", "long", "user"):
            assert await _owned(store, OWNERS[name]) == []
    async with by_hand(url) as connection:
        assert await connection.run_sync(differences) == []


async def test_a_new_record_does_not_inherit_from_before_the_upgrade(url: str) -> None:
    await fill_third_schema(url)
    async with open_store(url, declared=Catalog) as store:
        await store.keys.remove([HASH])
        await store.teams.remove(["red"])
        await store.teams.add(team())
        await store.keys.add(key())
        await store.keys.add(key("1" * 64, team_id="red"))
        assert await _owned(store, await _owner(store, HASH)) == []
        assert await _owned(store, await _owner(store, "1" * 64)) == []


async def test_objects_made_before_the_upgrade_can_be_bound_again(url: str) -> None:
    await fill_third_schema(url)
    async with open_store(url, declared=Catalog) as store:
        owner = await _owner(store, HASH)
        assert await store.objects.bind([response("key", owner)], ACCOUNT) == []
