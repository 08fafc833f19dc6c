"""The end of a key, and its new secret."""

import pytest

from admin.client import EVERYTHING, Client
from modelward.identity import key_hash


@pytest.mark.parametrize("by", ["key", "token", "key_alias"])
async def test_a_deleted_key_is_unknown_when_the_call_returns(admin: Client, by: str) -> None:
    made = await admin.made("/key/generate", key_alias="ci")
    assert await admin.known(made["key"]) is not None
    names = {"key_aliases": ["ci"]} if by == "key_alias" else {"keys": [made[by]]}
    assert await admin.made("/key/delete", **names) == {"deleted_keys": [made["token"]]}
    assert await admin.known(made["key"]) is None


async def test_a_deletion_names_something(admin: Client) -> None:
    assert "`keys`" in await admin.refused("/key/delete", keys=[])


async def test_a_new_secret_takes_the_place_of_the_old(admin: Client) -> None:
    made = await admin.made("/key/generate", **EVERYTHING)
    renewed = await admin.made("/key/regenerate", key=made["key"])
    assert renewed["key"] != made["key"]
    assert renewed["token"] == key_hash(renewed["key"])
    assert {name: renewed[name] for name in EVERYTHING} == EVERYTHING
    assert await admin.known(made["key"]) is None
    assert await admin.known(renewed["key"]) is not None


async def test_a_key_in_the_path_is_regenerated(admin: Client) -> None:
    made = await admin.made("/key/generate")
    assert (await admin.post(f"/key/{made['token']}/regenerate", None)).status_code == 200
    made = await admin.made("/key/generate")
    renewed = await admin.made(f"/key/{made['key']}/regenerate", new_key="sk-chosen", duration="30d")
    assert (renewed["key"], renewed["expires"]) == ("sk-chosen", "2026-03-02T12:00:00Z")


@pytest.mark.parametrize(("key", "named"), [("sk-a/b", "sk-a%2Fb"), ("sk-a%2Fb", "sk-a%252Fb")])
async def test_a_key_in_the_path_is_decoded_once(admin: Client, key: str, named: str) -> None:
    await admin.made("/key/generate", key=key)
    await admin.made(f"/key/{named}/regenerate")
    assert await admin.known(key) is None


@pytest.mark.parametrize("named", ["%00", "%FF", "%ED%A0%80", "a" * 1_001])
async def test_a_key_in_the_path_that_cannot_be_one_is_refused(admin: Client, named: str) -> None:
    await admin.refused(f"/key/{named}/regenerate")


async def test_a_regeneration_names_a_key(admin: Client) -> None:
    assert "`key` is missing" in await admin.refused("/key/regenerate")


async def test_a_grace_period_is_refused(admin: Client) -> None:
    made = await admin.made("/key/generate")
    assert "not supported yet" in await admin.refused("/key/regenerate", key=made["key"], grace_period="1h")
