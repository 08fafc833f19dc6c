"""What becomes of tokens while their issuer gives no keys (R1, E4)."""

import asyncio
import logging

import pytest

from harness.issuer import Issuer, issuer, new_key
from identity.asking import KEPT_SECONDS, ask, asked, asked_for_keys, good, reading_ends
from identity.clock import Clock
from modelward.identity import KeySets
from modelward.identity.key_sets import MAX_BYTES, MAX_KEYS, PAUSE_SECONDS


async def test_without_any_keys_ever_the_issuer_is_unavailable(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    own_idp.go_down()
    for _ in range(10):
        assert await ask(keys, good(own_idp), own_idp.url) == "unavailable"
    assert own_idp.requests == 1
    own_idp.come_back()
    clock.forward(PAUSE_SECONDS)
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_nobody_listening_is_unavailable(own_idp: Issuer, keys: KeySets) -> None:
    with issuer(keys={}) as gone:
        url = gone.url
    assert await ask(keys, good(own_idp), url) == "unavailable"


@pytest.mark.parametrize(
    "url", ["", "no address", "http://", "ftp://127.0.0.1/jwks", "http://[::", "file:///etc/hosts"]
)
async def test_what_is_no_address_is_unavailable(own_idp: Issuer, keys: KeySets, url: str) -> None:
    assert await ask(keys, good(own_idp), url) == "unavailable"


async def test_the_last_good_keys_count_on_while_the_issuer_is_down(
    own_idp: Issuer, keys: KeySets, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    own_idp.go_down()
    for _ in range(5):
        clock.forward(KEPT_SECONDS)
        assert await ask(keys, good(own_idp), own_idp.url) == "ok"
        await reading_ends(keys, own_idp)
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "503" in warnings[0].getMessage()
    assert own_idp.requests == 6


async def test_known_keys_do_not_wait_for_an_issuer_that_is_down(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    own_idp.go_down()
    clock.forward(KEPT_SECONDS)
    await ask(keys, good(own_idp), own_idp.url)
    own_idp.delay = 600
    clock.forward(PAUSE_SECONDS)
    async with asyncio.timeout(60):
        assert await ask(keys, good(own_idp), own_idp.url) == "ok"
    await asked_for_keys(own_idp, 3)


async def test_an_unknown_key_is_refused_while_the_issuer_is_down(own_idp: Issuer, keys: KeySets, clock: Clock) -> None:
    await ask(keys, good(own_idp), own_idp.url)
    own_idp.go_down()
    clock.forward(1)
    assert await ask(keys, own_idp.token({}, "ES256", kid="other"), own_idp.url) == "refused"
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_a_slow_issuer_is_not_waited_for(own_idp: Issuer, clock: Clock) -> None:
    keys = KeySets(clock, read_seconds=0.5)
    own_idp.delay = 1.0
    assert await asked(keys, [good(own_idp)] * 5, own_idp.url) == {"unavailable"}
    assert own_idp.requests == 1
    await keys.aclose()


BODIES = {
    "empty": b"",
    "a page": b"<html></html>",
    "a list": b"[]",
    "no keys": b"{}",
    "keys that are no list": b'{"keys": {}}',
    "not UTF-8": b'{"keys": [], "a": "\xff"}',
    "nesting without end": b'{"keys": ' + b"[" * 5000,
    "too long": b'{"keys": []}' + b" " * MAX_BYTES,
    "too many": b'{"keys": [' + b",".join([b"{}"] * (MAX_KEYS + 1)) + b"]}",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
async def test_an_answer_that_is_no_key_set_counts_as_down(
    own_idp: Issuer, keys: KeySets, clock: Clock, body: bytes
) -> None:
    own_idp.body = body
    assert await ask(keys, good(own_idp), own_idp.url) == "unavailable"
    own_idp.come_back()
    clock.forward(PAUSE_SECONDS)
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"
    own_idp.body = body
    clock.forward(KEPT_SECONDS)
    await ask(keys, good(own_idp), own_idp.url)
    assert await ask(keys, good(own_idp), own_idp.url) == "ok"


async def test_a_redirect_is_not_followed(own_idp: Issuer, keys: KeySets) -> None:
    with issuer(keys={"ES256": new_key("ES256")}, status=302, location=own_idp.url) as redirecting:
        assert await ask(keys, good(own_idp), redirecting.url) == "unavailable"
    assert own_idp.requests == 0


async def test_one_address_that_is_down_does_not_stop_the_other(own_idp: Issuer, keys: KeySets) -> None:
    with issuer(keys={}) as down:
        down.go_down()
        assert await ask(keys, good(own_idp), down.url, own_idp.url) == "ok"
        assert await ask(keys, own_idp.token({}, "ES256", kid="a"), down.url, own_idp.url) == "unavailable"


async def test_no_password_or_query_of_an_address_is_logged(
    own_idp: Issuer, keys: KeySets, caplog: pytest.LogCaptureFixture
) -> None:
    own_idp.go_down()
    caplog.set_level(logging.DEBUG)
    url = own_idp.url.replace("http://", "http://me:secret@") + "?token=hidden"
    await ask(keys, good(own_idp), url)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("modelward", "httpx"))]
    assert len(ours) == 1
    assert own_idp.url in ours[0]
    assert "secret" not in ours[0]
    assert "hidden" not in ours[0]
