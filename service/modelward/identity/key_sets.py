"""The keys of all issuers, by address (R1)."""

import time
from collections.abc import Callable, Sequence
from functools import partial

from modelward.errors import IssuerUnavailable
from modelward.identity.jwks import JwksClient
from modelward.identity.key_set import KeySet
from modelward.identity.signing_keys import SigningKey


class KeySets:
    """Finds signing keys. `clock` gives seconds that never go back."""

    def __init__(self, client: JwksClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._sets: dict[str, KeySet] = {}

    async def find(self, urls: Sequence[str], kid: str | None, alg: str, seconds: float) -> list[SigningKey]:
        """The keys published at any of `urls` that bear `kid` (any key where it is `None`) and fit `alg`.

        Sets are kept for `seconds`, but at least PAUSE_SECONDS: then they are read anew, and for a key that is in none
        of them at once, at a bounded rate. An address that does not answer leaves its last set as it was.
        Raises IssuerUnavailable where the key is not found, and a set was never read.
        """
        asked_at = self._clock()
        sets = [self._sets.get(url) or self._new(url) for url in urls]
        for key_set in sets:
            key_set.keep_fresh(seconds)
        for key_set in sets:
            await key_set.fresh(seconds)
        return _fitting(sets, kid, alg) or await self._look_again(sets, kid, alg, asked_at)

    async def aclose(self) -> None:
        """Give up what is being read, and close every connection."""
        for key_set in self._sets.values():
            await key_set.aclose()
        await self._client.aclose()

    def _new(self, url: str) -> KeySet:
        return self._sets.setdefault(url, KeySet(partial(self._client.read, url), self._clock))

    async def _look_again(self, sets: Sequence[KeySet], kid: str | None, alg: str, asked_at: float) -> list[SigningKey]:
        for key_set in sets:
            key_set.look_again(asked_at)
        for key_set in sets:
            await key_set.looked()
        found = _fitting(sets, kid, alg)
        if not found and any(key_set.keys is None for key_set in sets):
            raise IssuerUnavailable("the keys of the token's issuer cannot be read: try again later")
        return found


def _fitting(sets: Sequence[KeySet], kid: str | None, alg: str) -> list[SigningKey]:
    keys = (key for key_set in sets for key in key_set.keys or ())
    return [key for key in keys if alg in key.algorithms and kid in {None, key.kid}]
