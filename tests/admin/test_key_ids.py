"""How a key is named: in clear text or by hash, and by nothing else."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from admin.client import Client
from admin.files import content_of
from modelward.identity import key_hash

HASH = key_hash("sk-secret")
CLAIM = {"jwt_claim_name": "client_id", "jwt_claim_value": "app-1"}
NEITHER = [
    "Bearer sk-secret",
    " sk-secret",
    "SK-secret",
    "secret",
    "sha256:secret",
    "sha256:sk-secret",
    f"SHA256:{HASH}",
    f"sha256:sha256:{HASH}",
    HASH.upper(),
    HASH[1:],
    f"{HASH}0",
    f"{HASH}\n",
]

Call = tuple[str, str, object]
PLACES: dict[str, Callable[[str], Call]] = {
    "update": lambda key: ("POST", "/key/update", {"key": key}),
    "delete": lambda key: ("POST", "/key/delete", {"keys": [key]}),
    "block": lambda key: ("POST", "/key/block", {"key": key}),
    "unblock": lambda key: ("POST", "/key/unblock", {"key": key}),
    "regenerate": lambda key: ("POST", "/key/regenerate", {"key": key}),
    "regenerate-path": lambda key: ("POST", f"/key/{quote(key)}/regenerate", {}),
    "info": lambda key: ("GET", f"/key/info?key={quote(key)}", None),
    "list": lambda key: ("GET", f"/key/list?key_hash={quote(key)}", None),
    "mapping": lambda key: ("POST", "/jwt/key/mapping/new", {**CLAIM, "key": key}),
    "mapping-token": lambda key: ("POST", "/jwt/key/mapping/new", {**CLAIM, "token": key}),
    "mapping-update": lambda key: ("POST", "/jwt/key/mapping/update", {"id": "any", "key": key}),
    "group": lambda key: ("POST", "/v1/access_group", {"access_group_name": "x", "assigned_key_ids": [key]}),
    "group-update": lambda key: ("PUT", "/v1/access_group/any", {"assigned_key_ids": [key]}),
}


@pytest.mark.parametrize("place", PLACES)
async def test_what_is_neither_a_key_nor_a_hash_is_refused_and_not_repeated(
    admin: Client, tmp_path: Path, place: str
) -> None:
    for named in NEITHER:
        message = await admin.refused_with(400, *PLACES[place](named))
        assert "must" in message
        assert "secret" not in message
        assert HASH[1:] not in message.lower()
    assert b"secret" not in content_of(tmp_path)


@pytest.mark.parametrize("named", [HASH, f"sha256:{HASH}", f"sha256:{HASH.upper()}", "sk-secret"])
async def test_a_key_is_named_in_clear_text_or_by_hash(admin: Client, named: str) -> None:
    await admin.made("/key/generate", key="sk-secret")
    assert (await admin.shown("/key/info", key=named))["key"] == HASH
    assert (await admin.shown("/key/list", key_hash=named))["keys"] == [HASH]
    assert (await admin.made("/key/update", key=named, models=["gpt-4"]))["models"] == ["gpt-4"]
    group = await admin.made("/v1/access_group", access_group_name="x", assigned_key_ids=[named])
    assert group["assigned_key_ids"] == [HASH]
    await admin.made("/jwt/key/mapping/new", **CLAIM, key=named)
    assert await admin.store.mapped_key("client_id", "app-1") == HASH
    assert await admin.made("/key/delete", keys=[named, HASH]) == {"deleted_keys": [HASH]}


async def test_a_key_in_clear_text_is_no_token_of_a_mapping(admin: Client) -> None:
    await admin.made("/key/generate", key="sk-secret")
    assert "`token`" in await admin.refused("/jwt/key/mapping/new", **CLAIM, token="sk-secret")
