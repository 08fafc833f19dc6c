"""The keys that tokens are signed with, as issuers publish them, kept fresh by address (R1)."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
    if not isinstance(jwk, dict) or not _is_for_verifying(jwk):
        return None
    algorithms = _algorithms(jwk)
    if not algorithms:
        return None
    try:
        public = jwt.PyJWK(jwk, algorithm=min(algorithms)).key
    except jwt.PyJWTError:
        return None
    return SigningKey(jwk.get("kid"), algorithms, cast(AllowedPublicKeys, public))


def _is_for_verifying(jwk: Mapping[str, object]) -> bool:
    operations = jwk.get("key_ops", ["verify"])
    verifies = isinstance(operations, list) and "verify" in operations
    named = all(isinstance(jwk.get(member), str | None) for member in _TEXT_MEMBERS)
    return verifies and named and jwk.get("use") in (None, "sig") and not _SECRET_MEMBERS & jwk.keys()


def _algorithms(jwk: Mapping[str, object]) -> frozenset[str]:
    fitting = _FITTING.get((jwk.get("kty"), jwk.get("crv")), frozenset())
    return fitting if jwk.get("alg") is None else fitting & {jwk["alg"]}


READ_SECONDS = 2.0
MAX_BYTES = 1024 * 1024
MAX_KEYS = 100
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


class JwksClient:
    """Reads key sets. No redirect is followed, no proxy taken from the environment; `SSL_CERT_FILE` and `SSL_CERT_DIR`
    name the authorities trusted for TLS."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._transport = httpx.AsyncHTTPTransport(verify=httpx.create_ssl_context())

    async def read(self, url: str) -> tuple[SigningKey, ...]:
        """The keys published at `url`, without those that are of no use here.

        Raises JwksError where there is no answer in time, or one that is no key set of at most 1 MiB and 100 keys.
        """
        try:
            async with asyncio.timeout(self._read_seconds):
                return _keys(await self._body(httpx.URL(url)))
        except TimeoutError:
            raise JwksError(f"`{_shown(url)}` did not answer within {self._read_seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise JwksError(f"`{_shown(url)}` cannot be reached: {type(error).__name__}") from None
        except ValueError as error:
            raise JwksError(f"`{_shown(url)}` {error}") from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _body(self, url: httpx.URL) -> bytes:
        response = await self._transport.handle_async_request(httpx.Request("GET", url, headers=_HEADERS))
        try:
            if response.status_code != 200:
                raise ValueError(f"answered {response.status_code}, not 200")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ValueError("answered more than 1 MiB")
            return bytes(body)
        finally:
            await response.aclose()


def _keys(body: bytes) -> tuple[SigningKey, ...]:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ValueError("answered what is no JSON") from None
    jwks = answer.get("keys") if isinstance(answer, dict) else None
    if not isinstance(jwks, list) or len(jwks) > MAX_KEYS:
        raise ValueError(f"answered what is no set of at most {MAX_KEYS} keys")
    return tuple(key for jwk in jwks if (key := signing_key(jwk)) is not None)


def _shown(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return "an address that is no URL"
    return str(parsed.copy_with(userinfo=b"", query=None, fragment=None))


ReadKeys = Callable[[], Awaitable[tuple[SigningKey, ...]]]
PAUSE_SECONDS = 5.0
_EARLY = 0.8
_log = logging.getLogger(__name__)


class KeySet:
    """The last keys that were read; `keys` is `None` before there are any.

    One read is under way at a time, and all who need it wait for the same one. After a failed read the next begins
    PAUSE_SECONDS later at the earliest, and so do two reads for keys that are not in the set.
    """

    def __init__(self, read: ReadKeys, clock: Callable[[], float]) -> None:
        self.keys: tuple[SigningKey, ...] | None = None
        self._read = read
        self._clock = clock
        self._reading: asyncio.Task[None] | None = None
        self._begun = self._read_at = self._missed_at = -math.inf
        self._failed = False

    def keep_fresh(self, seconds: float) -> None:
        """Begin to read the set if it is nearly `seconds` old."""
        early = max(seconds, PAUSE_SECONDS) * _EARLY
        due = self._since(self._begun) >= PAUSE_SECONDS if self._failed else self._since(self._read_at) >= early
        if due:
            self._begin()

    async def fresh(self, seconds: float) -> None:
        """Return when the set is less than `seconds` old, or its address does not answer: the old set counts on."""
        if not self._failed and self._since(self._read_at) >= max(seconds, PAUSE_SECONDS):
            await self._end()

    def look_again(self, asked_at: float) -> None:
        """Begin to read the set for a key that is not in it, unless it was read since `asked_at`."""
        may_read = not self._failed and self._since(self._missed_at) >= PAUSE_SECONDS
        if may_read and self._read_at < asked_at and self._reading is None:
            self._missed_at = self._clock()
            self._begin()

    async def looked(self) -> None:
        """Return when the read that is under way has ended, at once if there is none."""
        await self._end()

    async def aclose(self) -> None:
        """Give up the read that is under way."""
        if self._reading is not None:
            self._reading.cancel()
            await self._end()

    def _since(self, moment: float) -> float:
        return self._clock() - moment

    def _begin(self) -> None:
        if self._reading is None:
            self._begun = self._clock()
            self._reading = asyncio.create_task(self._replace(self._begun))

    async def _end(self) -> None:
        if self._reading is not None:
            await asyncio.wait({self._reading})  # who stops waiting does not stop the others' read

    async def _replace(self, begun: float) -> None:
        failed = True
        try:
            self.keys = await self._read()
            self._read_at, failed = begun, False
        except JwksError as error:
            if not self._failed:
                _log.warning("%s: %s", error, "no keys yet" if self.keys is None else "the last keys read count on")
        finally:
            self._reading, self._failed = None, failed


class KeySets:
    """Finds signing keys. `clock` gives seconds that never go back."""

    def __init__(self, client: JwksClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._sets: dict[str, KeySet] = {}

    async def find(self, urls: Sequence[str], kid: str | None, alg: str, seconds: float) -> list[SigningKey]:
        """The keys published at any of `urls` that have `kid` (any key where it is `None`) and fit `alg`.

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
