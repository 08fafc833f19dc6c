"""`/jwt/key/mapping/...`"""

from pathlib import Path
from typing import Any

import pytest

from admin.client import Client
from admin.files import content_of
from modelward.identity import key_hash
from store.databases import OTHER

MAPPING = "/jwt/key/mapping"
CLAIM: dict[str, object] = {"jwt_claim_name": "client_id", "jwt_claim_value": "app-1"}


async def make(admin: Client, **fields: object) -> Any:
    """Map the claim to the declared key."""
    return await admin.made(f"{MAPPING}/new", **{**CLAIM, "token": OTHER, **fields})


async def mapped(admin: Client) -> str | None:
    """The hash of the key that the claim stands for."""
    return await admin.store.mapped_key("client_id", "app-1")


@pytest.mark.parametrize(("fields", "said"), [
    ({}, "name the key in `key` or `token`"),
    ({"key": "sk-1234", "token": OTHER}, "send either `key` or `token`"),
    ({"key": "sk-nobody"}, "`key` names no virtual key"),
    ({"key": "nobody"}, "`key`: must be a key"),
    ({"token": "sk-1234"}, "`token`"),
    ({"token": OTHER.upper()}, "`token`"),
    ({"token": OTHER, "is_active": False}, "`is_active`"),
    ({"token": OTHER, "jwt_issuer": "https://issuer.example.com"}, "`jwt_issuer` is not supported yet"),
    ({"token": OTHER, "jwt_claim_value": ""}, "`jwt_claim_value`"),
    ({"token": OTHER, "jwt_claim_name": 7}, "`jwt_claim_name`"),
    ({"token": OTHER, "claim": "sub"}, "unknown field `claim`"),
])  # fmt: skip
async def test_a_mapping_that_makes_no_sense_is_refused(admin: Client, fields: dict[str, object], said: str) -> None:
    message = await admin.refused(f"{MAPPING}/new", **{**CLAIM, **fields})
    assert said in message
    assert not any(sent in message for sent in ("sk-1234", "sk-nobody", OTHER.upper()))
    assert await mapped(admin) is None


async def test_a_claim_is_mapped_once(admin: Client) -> None:
    await make(admin)
    fields = {**CLAIM, "token": OTHER}
    assert "exists already" in await admin.refused_with(409, "POST", f"{MAPPING}/new", fields)


async def test_a_mapping_that_is_missing_is_not_found(admin: Client) -> None:
    for path in ("update", "delete"):
        assert "`nobody`" in await admin.refused_with(404, "POST", f"{MAPPING}/{path}", {"id": "nobody"})
    assert "`nobody`" in await admin.refused_with(404, "GET", f"{MAPPING}/info?id=nobody")


async def test_an_update_to_a_key_that_is_missing_is_refused(admin: Client) -> None:
    made = await make(admin)
    await admin.refused(f"{MAPPING}/update", id=made["id"], key="sk-nobody")
    await admin.refused(f"{MAPPING}/update", id=made["id"], is_active=False)
    assert await mapped(admin) == OTHER


async def test_a_claim_stands_for_a_key_named_in_clear_text_or_by_hash(admin: Client) -> None:
    key = (await admin.made("/key/generate"))["key"]
    await make(admin, token=None, key=key)
    assert await mapped(admin) == key_hash(key)


async def test_the_answer_shows_no_key(admin: Client, tmp_path: Path) -> None:
    key = (await admin.made("/key/generate", key="sk-" + "secret" * 5))["key"]
    made = await make(admin, token=None, key=key, description="the app", jwt_issuer=None, is_active=True)
    assert {name: made[name] for name in CLAIM} == CLAIM
    assert (made["description"], made["is_active"], made["created_by"]) == ("the app", True, "master")
    shown = await admin.get(f"{MAPPING}/info", id=made["id"])
    assert shown.json() == made
    assert key_hash(key) not in shown.text
    assert key.encode() not in content_of(tmp_path)


async def test_a_change_binds_when_the_call_returns(admin: Client) -> None:
    made = await make(admin, description="the app")
    assert await mapped(admin) == OTHER
    key = (await admin.made("/key/generate"))["key"]
    changed = await admin.made(f"{MAPPING}/update", id=made["id"], key=key)
    assert changed == made
    assert await mapped(admin) == key_hash(key)
    assert await admin.made(f"{MAPPING}/delete", id=made["id"]) == {"status": "success"}
    assert await mapped(admin) is None


async def test_a_list_is_paged(admin: Client) -> None:
    for number in range(3):
        await make(admin, jwt_claim_value=f"app-{number}")
    page = await admin.shown(f"{MAPPING}/list", size=2, page=2)
    assert (page["total_count"], page["current_page"], page["total_pages"], len(page["mappings"])) == (3, 2, 2, 1)
