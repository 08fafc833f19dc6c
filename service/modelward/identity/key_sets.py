"""The keys that tokens are signed with, as issuers publish them, kept fresh by address (R1)."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import cast

import httpx
import jwt
import orjson
from jwt.algorithms import AllowedPublicKeys

from modelward.errors import IssuerUnavailable, JwksError

# By kind of key and curve.
_FITTING: dict[tuple[object, object], frozenset[str]] = {
    ("RSA", None): frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    ("EC", "P-256"): frozenset({"ES256"}),
    ("EC", "P-384"): frozenset({"ES384"}),
    ("EC", "P-521"): frozenset({"ES512"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA"}),
    ("OKP", "Ed448"): frozenset({"EdDSA"}),
}
_TEXT_MEMBERS = ("kty", "crv", "kid", "alg", "use")
_SECRET_MEMBERS = {"d", "k"}
ALGORITHMS = frozenset[str]().union(*_FITTING.values())


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the values of `alg` that a token signed with it may have; `kid` is its id, if it has one."""

    kid: str | None
    algorithms: frozenset[str]
    public: AllowedPublicKeys = field(repr=False)


def signing_key(jwk: object) -> SigningKey | None:
    """The key that a JWK (RFC 7517) holds; `None` if tokens cannot, or must not, be verified with it: another kind or
    use of key, half a key, or one whose secret is published."""
    if not isinstance(jwk, dict) or not all(isinstance(jwk.get(member), str | None) for member in _TEXT_MEMBERS):
        return None
    operations = jwk.get("key_ops", ["verify"])
    verifies = isinstance(operations, list) and "verify" in operations and jwk.get("use") in (None, "sig")
    algorithms = _FITTING.get((jwk.get("kty"), jwk.get("crv")), frozenset())
    if jwk.get("alg") is not None:
        algorithms &= {jwk["alg"]}
    if not verifies or not algorithms or _SECRET_MEMBERS & jwk.keys():
        return None
    try:
        public = jwt.PyJWK(jwk, algorithm=min(algorithms)).key
    except jwt.PyJWTError:
        return None
    return SigningKey(jwk.get("kid"), algorithms, cast(AllowedPublicKeys, public))


READ_SECONDS = 2.0
MAX_BYTES = 1024 * 1024
MAX_KEYS = 100
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


PAUSE_SECONDS = 5.0
_EARLY = 0.8
_log = logging.getLogger(__name__)


class KeySet:
    """The last keys that were read by `read`; `keys` is `None` before there are any.

    One read is under way at a time, and all who need it wait for the same one. After a failed read the next begins
    PAUSE_SECONDS later at the earliest, and so do two reads for keys that are not in the set.
    """

    def __init__(self, read: Callable[[], Awaitable[tuple[SigningKey, ...]]], clock: Callable[[], float]) -> None:
        self.keys: tuple[SigningKey, ...] | None = None
        self.reading: asyncio.Task[None] | None = None
        self._read = read
        self._clock = clock
        self._begun = self._read_at = self._missed_at = -math.inf
        self._failed = False

    def refresh(self, seconds: float) -> asyncio.Task[None] | None:
        """Begins to read the set if it is nearly `seconds` old. The read to wait for where it is older than that; where
        its address does not answer, the old set counts on."""
        now, seconds = self._clock(), max(seconds, PAUSE_SECONDS)
        age = now - self._read_at
        if now - self._begun >= PAUSE_SECONDS if self._failed else age >= seconds * _EARLY:
            self._begin()
        return self.reading if age >= seconds and not self._failed else None

    def look_again(self, asked_at: float) -> asyncio.Task[None] | None:
        """Begins to read the set for a key that is not in it, unless it was read since `asked_at`. The read to wait
        for, if one is under way."""
        may_read = not self._failed and self._clock() - self._missed_at >= PAUSE_SECONDS
        if may_read and self._read_at < asked_at and self.reading is None:
            self._missed_at = self._clock()
            self._begin()
        return self.reading

    def _begin(self) -> None:
        if self.reading is None:
            self._begun = self._clock()
            self.reading = asyncio.create_task(self._replace(self._begun))

    async def _replace(self, begun: float) -> None:
        failed = True
        try:
            self.keys = await self._read()
            self._read_at, failed = begun, False
        except JwksError as error:
            if not self._failed:
                _log.warning("%s: %s", error, "no keys yet" if self.keys is None else "the last keys read count on")
        finally:
            self.reading, self._failed = None, failed


class KeySets:
    """Finds signing keys. `clock` gives seconds that never go back; a set must be read within `read_seconds`. No
    redirect is followed, no proxy taken from the environment; `SSL_CERT_FILE` and `SSL_CERT_DIR` name the authorities
    trusted for TLS."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, read_seconds: float = READ_SECONDS) -> None:
        self._clock = clock
        self._read_seconds = read_seconds
        self._transport = httpx.AsyncHTTPTransport(verify=httpx.create_ssl_context())
        self._sets: dict[str, KeySet] = {}

    async def find(self, urls: Sequence[str], kid: str | None, alg: str, seconds: float) -> list[SigningKey]:
        """The keys published at any of `urls` that have `kid` (any key where it is `None`) and fit `alg`.

        Sets are kept for `seconds`, but at least PAUSE_SECONDS: then they are read anew, and for a key that is in none
        of them at once, at a bounded rate. An address that does not answer leaves its last set as it was.
        Raises IssuerUnavailable where the key is not found, and a set was never read.
        """
        asked_at = self._clock()
        for url in urls:
            if url not in self._sets:
                self._sets[url] = KeySet(partial(self._read, url), self._clock)
        sets = [self._sets[url] for url in urls]
        await _ended([each.refresh(seconds) for each in sets])
        found = _fitting(sets, kid, alg)
        if not found:
            await _ended([each.look_again(asked_at) for each in sets])
            found = _fitting(sets, kid, alg)
        if not found and any(each.keys is None for each in sets):
            raise IssuerUnavailable("the keys of the token's issuer cannot be read: try again later")
        return found

    async def aclose(self) -> None:
        """Give up what is being read, and close every connection."""
        reads = [each.reading for each in self._sets.values()]
        for read in reads:
            if read is not None:
                read.cancel()
        await _ended(reads)
        await self._transport.aclose()

    async def _read(self, url: str) -> tuple[SigningKey, ...]:
        """The keys published at `url`, without those that are of no use here. Raises JwksError where there is no answer
        in time, or one that is no key set of at most 1 MiB and 100 keys."""
        shown = "an address that is no URL"
        try:
            address = httpx.URL(url)
            shown = f"`{address.copy_with(userinfo=b'', query=None, fragment=None)}`"
            async with asyncio.timeout(self._read_seconds):
                body = await self._body(address)
            answer = orjson.loads(body)
        except TimeoutError:
            raise JwksError(f"{shown} did not answer within {self._read_seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise JwksError(f"{shown} cannot be reached: {type(error).__name__}") from None
        except orjson.JSONDecodeError:
            raise JwksError(f"{shown} answered what is no JSON") from None
        except ValueError as error:
            raise JwksError(f"{shown} answered {error}") from None
        jwks = answer.get("keys") if isinstance(answer, dict) else None
        if not isinstance(jwks, list) or len(jwks) > MAX_KEYS:
            raise JwksError(f"{shown} answered what is no set of at most {MAX_KEYS} keys")
        return tuple(key for jwk in jwks if (key := signing_key(jwk)) is not None)

    async def _body(self, url: httpx.URL) -> bytes:
        response = await self._transport.handle_async_request(httpx.Request("GET", url, headers=_HEADERS))
        async with aclosing(response):
            if response.status_code != 200:
                raise ValueError(f"{response.status_code}, not 200")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ValueError("more than 1 MiB")
            return bytes(body)


async def _ended(reads: Sequence[asyncio.Task[None] | None]) -> None:
    """Returns when all have ended; who stops waiting does not stop the others' reads."""
    if under_way := [read for read in reads if read is not None]:
        await asyncio.wait(under_way)


def _fitting(sets: Sequence[KeySet], kid: str | None, alg: str) -> list[SigningKey]:
    keys = (key for key_set in sets for key in key_set.keys or ())
    return [key for key in keys if alg in key.algorithms and kid in {None, key.kid}]
