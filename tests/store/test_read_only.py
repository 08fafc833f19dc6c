"""A store that is only looked at."""

from pathlib import Path

import pytest

from modelward.contract import Catalog, Key
from modelward.errors import StoreUnavailable
from modelward.store import Store, is_missing, open_read_only, open_store
from modelward.store.database import database_url
from modelward.store.migrate import migrate
from store.databases import DECLARED, HASH, OTHER, key, run_by_hand, team


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_it_finds_what_the_store_holds_and_what_is_declared(url: str, store: Store) -> None:
    await store.teams.add(team())
    await store.keys.add(key(team_id="red"))
    async with open_read_only(url, declared=lambda: DECLARED) as opened:
        found, declared = await opened.caller(HASH), await opened.caller(OTHER)
    assert found is not None
    assert found.team is not None
    assert found.team.team_id == "red"
    assert declared is not None


async def test_it_cannot_be_written(url: str, store: Store) -> None:
    async with open_read_only(url, declared=Catalog) as opened:
        with pytest.raises(StoreUnavailable):
            await opened.teams.add(team())


async def test_a_file_that_nobody_has_open_is_left_as_it_is(tmp_path: Path, tmp_path_url: str) -> None:
    async with open_store(tmp_path_url, declared=Catalog) as made:
        await made.teams.add(team())
    before = _bytes(tmp_path)
    async with open_read_only(tmp_path_url, declared=Catalog) as opened:
        assert (await opened.teams.get("red")).team_id == "red"
    assert _bytes(tmp_path) == before


async def test_it_sees_what_a_running_store_has_just_written(tmp_path_url: str) -> None:
    async with open_store(tmp_path_url, declared=Catalog) as made:
        await made.teams.add(team())
        async with open_read_only(tmp_path_url, declared=Catalog) as opened:
            assert (await opened.teams.get("red")).team_id == "red"
            await made.keys.add(key())
            assert await opened.caller(HASH) is not None


async def test_an_older_schema_is_an_error_and_not_migrated(url: str) -> None:
    await migrate(database_url(url), "0001")
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="the schema of the database is `0001`"):
            async with open_read_only(url, declared=Catalog):
                pass


async def test_a_database_of_another_program_is_an_error(tmp_path_url: str, tmp_path: Path) -> None:
    (tmp_path / "modelward.db").touch()
    await run_by_hand(tmp_path_url, "CREATE TABLE other (id INTEGER)")
    with pytest.raises(StoreUnavailable, match="the schema of the database is `none`"):
        async with open_read_only(tmp_path_url, declared=Catalog):
            pass


async def test_a_file_that_is_not_there_is_missing_and_not_made(tmp_path: Path, tmp_path_url: str) -> None:
    assert is_missing(tmp_path_url)
    with pytest.raises(StoreUnavailable):
        async with open_read_only(tmp_path_url, declared=Catalog):
            pass
    assert _bytes(tmp_path) == {}


async def test_a_server_is_never_missing() -> None:
    assert not is_missing("postgresql://nobody@nowhere.invalid/name")


async def test_a_key_that_does_not_exist_has_the_records_that_it_would_name(store: Store) -> None:
    await store.teams.add(team(organization_id="declared-organization"))
    caller = await store.caller_with(Key(token="", team_id="red", user_id="declared-user"))
    assert caller.team is not None
    assert caller.user is not None
    assert set(caller.organizations) == {"declared-organization"}
    assert await store.caller("") is None
