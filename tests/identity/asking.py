"""Tokens sent to key sets, and what becomes of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from harness.issuer import Issuer
from modelward import contract
from modelward.contract import Caller
from modelward.errors import IssuerUnavailable, Unidentified
from modelward.identity import Identity, KeySets, Tokens

KEPT_SECONDS = 600.0


def by_keys_alone(master_key: Callable[[], str | None], lookup: Callable[[str], Awaitable[Caller | None]]) -> Identity:
    """Who a credential stands for while JWT auth is off."""

    async def nobody(*_: object) -> Any:
        raise AssertionError("nothing is a token")

    return Identity(master_key, lookup, Tokens(list, cast(KeySets, None)), nobody, nobody)


def good(idp: Issuer) -> str:
    """A current token."""
    return idp.token({"sub": "u1"}, "ES256")


async def ask(keys: KeySets, raw: str, *urls: str) -> str:
    """What becomes of a token: `ok`, `refused` or `unavailable`."""
    tokens = Tokens(lambda: [contract.Issuer(key_urls=urls, key_seconds=KEPT_SECONDS)], keys)
    try:
        await tokens.verify(raw)
    except Unidentified:
        return "refused"
    except IssuerUnavailable:
        return "unavailable"
    return "ok"


async def asked_for_keys(idp: Issuer, times: int = 1) -> None:
    """Return when the issuer was asked so often, fail after five seconds."""
    for _ in range(500):
        if idp.requests == times:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody asked")


async def reading_ends(keys: KeySets, idp: Issuer) -> None:
    """Return when the read that is under way has ended: a token with an unknown key waits for it."""
    await ask(keys, idp.token({}, "ES256", kid="other"), idp.url)


async def asked(keys: KeySets, raws: Sequence[str], url: str) -> set[str]:
    """What becomes of tokens sent at once."""
    return set(await asyncio.gather(*(ask(keys, raw, url) for raw in raws)))
