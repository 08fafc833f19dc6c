"""Who a credential stands for (A2)."""

import pytest

from identity.asking import by_keys_alone
from modelward.contract import Caller, Key
from modelward.errors import StoreUnavailable, Unidentified
from modelward.identity import Identity, hash_of, is_master, key_hash

MASTER_KEY = "sk-master-1234"
ALICE = Caller(kind="key", key=Key(token=key_hash("sk-alice")))


async def only_alice(hashed: str) -> Caller | None:
    """A lookup that knows one key."""
    return ALICE if ALICE.key and hashed == ALICE.key.token else None


async def gone(hashed: str) -> Caller | None:
    """A lookup whose database is gone."""
    raise StoreUnavailable("gone")


KEYS = by_keys_alone(lambda: MASTER_KEY, only_alice)


async def refusal(keys: Identity, credential: str | None) -> Unidentified:
    """How that credential is refused."""
    with pytest.raises(Unidentified) as refused:
        await keys.identify(credential, [])
    return refused.value


def test_a_key_is_hashed_with_sha_256() -> None:
    assert key_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_management_request_names_a_key_in_clear_text_or_by_hash() -> None:
    assert hash_of("sk-alice") == hash_of(key_hash("sk-alice")) == key_hash("sk-alice")


async def test_a_known_key_is_its_caller() -> None:
    assert await KEYS.identify("sk-alice", []) is ALICE


async def test_the_master_key_is_the_master() -> None:
    assert await KEYS.identify(MASTER_KEY, []) == Caller(kind="master")


def test_the_master_key_alone_is_the_master_key() -> None:
    others = ("sk-alice", "", key_hash(MASTER_KEY))
    assert [is_master(key, MASTER_KEY) for key in (MASTER_KEY, *others)] == [True, False, False, False]
    assert not is_master("", "")
    assert not is_master("", None)


async def test_the_master_key_may_be_any_text() -> None:
    assert (await by_keys_alone(lambda: "Schlüssel", only_alice).identify("Schlüssel", [])).kind == "master"


@pytest.mark.parametrize("credential", [None, ""])
async def test_no_credential_is_refused(credential: str | None) -> None:
    refused = await refusal(KEYS, credential)
    assert (refused.status, refused.kind) == (401, "auth_error")


@pytest.mark.parametrize("credential", [key_hash("sk-alice"), "Basic abc", "SK-alice", " sk-alice", "a.b.c", "\udcff"])
async def test_what_is_no_key_is_refused(credential: str) -> None:
    refused = await refusal(KEYS, credential)
    assert (refused.status, refused.kind) == (401, "auth_error")
    assert credential.strip() not in str(refused)


@pytest.mark.parametrize("credential", ["sk-bob", "sk-", "sk-alice ", "sk-\udcff", f"sk-{key_hash('sk-alice')}"])
async def test_a_key_nobody_has_is_refused(credential: str) -> None:
    refused = await refusal(KEYS, credential)
    assert (refused.status, refused.kind) == (401, "token_not_found_in_db")
    assert credential[3:] not in str(refused) or credential == "sk-"


@pytest.mark.parametrize("master_key", [None, ""])
async def test_without_a_master_key_nobody_is_the_master(master_key: str | None) -> None:
    keys = by_keys_alone(lambda: master_key, only_alice)
    assert (await refusal(keys, "")).kind == "auth_error"
    assert (await refusal(keys, MASTER_KEY)).kind == "token_not_found_in_db"


async def test_a_failure_to_ask_is_passed_on() -> None:
    with pytest.raises(StoreUnavailable):
        await by_keys_alone(lambda: MASTER_KEY, gone).identify("sk-alice", [])
