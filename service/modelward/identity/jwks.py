"""Key sets (JWKS, RFC 7517) as an address answers them (R1)."""

import asyncio

import httpx
import orjson

from modelward.errors import ModelwardError
from modelward.identity.signing_keys import SigningKey, signing_key

READ_SECONDS = 2.0
MAX_BYTES = 1024 * 1024
MAX_KEYS = 100
_HEADERS = {"accept": "application/json", "accept-encoding": "identity"}


class JwksError(ModelwardError):
    """The address gave no key set. Messages name it without user, password and query (K4)."""


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
