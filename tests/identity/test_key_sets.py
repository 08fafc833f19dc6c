"""How the keys of issuers are kept (R1)."""

import asyncio

import pytest

from harness.issuer import Issuer
from identity.asking import KEPT_SECONDS, ask, asked, asked_for_keys, good, reading_ends
from identity.clock import Clock
from modelward.identity import KeySets
from modelward.identity.key_sets import PAUSE_SECONDS


async def test_keys_are_read_once_for_many_tokens(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    assert await asked(keys, [good(own_idp)] * 20, own_idp.url) == {"ok"}
    clock.forward(KEPT_SECONDS / 2)
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"
    assert own_idp.requests == 1


async def test_a_new_key_is_believed_at_once(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    clock.forward(0.1)
    own_idp.rotate()
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_a_withdrawn_key_is_refused_as_soon_as_the_new_set_was_read(
    own_idp: Issuer, keys: KeySets, clock: Clock
) -> None:
    old = good(own_idp)
    assert await ask(keys, old, own_idp.url) == "ok"
    clock.forward(0.1)
    own_idp.rotate()
    await ask(keys, good(own_idp), own_idp.url)
    assert await ask(keys, old, own_idp.url) == "refused"


async def test_a_key_that_stays_published_is_believed_beside_the_new_one(
    own_idp: Issuer, keys: KeySets, clock: Clock
) -> None:
    old = good(own_idp)
    await ask(keys, old, own_idp.url)
    clock.forward(0.1)
    own_idp.rotate(keep=True)
    assert await ask(keys, good(own_idp), own_idp.url) == await ask(keys, old, own_idp.url) == "ok"


@pytest.mark.parametrize("age", [KEPT_SECONDS, 100 * KEPT_SECONDS])
async def test_a_withdrawn_key_is_refused_once_the_set_is_old(
    own_idp: Issuer, keys: KeySets, clock: Clock, age: float
) -> None:
    old = good(own_idp)
    assert await ask(keys, old, own_idp.url) == "ok"
    own_idp.rotate()
    clock.forward(age)
    assert await ask(keys, old, own_idp.url) == "refused"


async def test_an_issuer_that_withdraws_all_its_keys_is_heard(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    own_idp.published = False
    clock.forward(KEPT_SECONDS)
    assert await ask(keys, good(own_idp), own_idp.url) == "refused"


async def test_a_set_is_read_anew_behind_the_scenes_before_it_is_old(
    own_idp: Issuer, keys: KeySets, clock: Clock
) -> None:
    old = good(own_idp)
    await ask(keys, old, own_idp.url)
    own_idp.rotate()
    clock.forward(KEPT_SECONDS * 0.9)
    assert await ask(keys, old, own_idp.url) == "ok"
    await asked_for_keys(own_idp, 2)
    await reading_ends(keys, own_idp)
    assert await ask(keys, old, own_idp.url) == "refused"
    assert own_idp.requests == 2


async def test_keys_of_no_use_do_not_spoil_the_others(own_idp: Issuer, keys: KeySets) -> None:
    own_idp.extra = [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "new"}, {}]
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_a_storm_of_unknown_keys_is_two_reads_at_most(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    clock.forward(1)
    strangers = [own_idp.token({}, "ES256", kid=f"k{number}") for number in range(50)]
    assert await asked(keys, strangers, own_idp.url) == {"refused"}
    for stranger in strangers:
        clock.forward(PAUSE_SECONDS / 100)
        assert await ask(keys, stranger, own_idp.url) == "refused"
    assert own_idp.requests == 2
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_after_a_pause_an_unknown_key_is_looked_for_again(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, own_idp.token({}, "ES256", kid="a"), own_idp.url)
    clock.forward(1)
    await ask(keys, own_idp.token({}, "ES256", kid="a"), own_idp.url)
    own_idp.rotate()
    assert await ask(keys, good(own_idp), own_idp.url) == "refused"
    clock.forward(PAUSE_SECONDS)
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_a_first_token_with_an_unknown_key_costs_one_read(own_idp: Issuer, keys: KeySets) -> None:
    assert await ask(keys, own_idp.token({}, "ES256", kid="a"), own_idp.url) == "refused"
    assert own_idp.requests == 1


async def test_who_gives_up_waiting_leaves_the_others_their_read(own_idp: Issuer, keys: KeySets) -> None:
    own_idp.delay = 0.3
    first = asyncio.create_task(ask(keys, good(own_idp), own_idp.url))
    second = asyncio.create_task(ask(keys, good(own_idp), own_idp.url))
    await asked_for_keys(own_idp)
    first.cancel()
    assert await second == "ok"
    assert own_idp.requests == 1


async def test_closing_gives_up_what_is_being_read(own_idp: Issuer) -> None:
    own_idp.delay = 600
    keys = KeySets()
    waiting = asyncio.create_task(ask(keys, good(own_idp), own_idp.url))
    await asked_for_keys(own_idp)
    async with asyncio.timeout(60):
        await keys.aclose()
        assert await waiting == "unavailable"
