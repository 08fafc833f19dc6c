"""Verified tokens: their signature and life, who issued them, and what they claim (R1)."""

from collections.abc import Callable, Sequence
from typing import Any

import jwt
import orjson
from jwt.algorithms import AllowedPublicKeys

from modelward.contract import Issuer, JsonObject
from modelward.errors import IssuerUnavailable, Unidentified
from modelward.identity.key_sets import ALGORITHMS, KeySets

MAX_DEPTH = 32
MALFORMED = "the token is malformed: send a signed JWT whose claims are a JSON object"
_FAULTS: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ImmatureSignatureError, "the token is not valid yet: check the clocks of its issuer and of this service"),
    (jwt.InvalidAudienceError, "the token's `aud` names none of the configured audiences"),
    (jwt.InvalidIssuerError, "the token's `iss` is none of the configured issuers"),
    (jwt.MissingRequiredClaimError, "the token lacks `aud` or `iss`, which the config asks for"),
    (jwt.InvalidSignatureError, "the token's signature fits none of its issuer's keys"),
    (jwt.InvalidKeyError, "the token's key is too weak"),
)


class _Strict(jwt.PyJWT):
    """Claims are what JSON allows and Rego can read: no `NaN`, no lone surrogates, no endless nesting."""

    def _decode_payload(self, decoded: dict[str, Any]) -> JsonObject:
        try:
            claims = orjson.loads(decoded["payload"])
        except orjson.JSONDecodeError:
            raise jwt.DecodeError from None
        if not isinstance(claims, dict) or _is_deeper(claims, MAX_DEPTH):
            raise jwt.DecodeError
        return claims


# What a subject or an id must look like, the claims' paths decide.
_jwt = _Strict({"enforce_minimum_key_length": True, "verify_sub": False, "verify_jti": False})


def unverified(raw: str) -> tuple[JsonObject, JsonObject]:
    """The header and the claims, not to be trusted. Raises Unidentified if there are none, or extensions that must be
    understood (`crit`)."""
    try:
        decoded = _jwt.decode_complete(raw, options={"verify_signature": False})
    except (jwt.PyJWTError, UnicodeEncodeError):
        raise Unidentified(MALFORMED) from None
    if "crit" in decoded["header"]:
        raise Unidentified("the token's header asks for extensions (`crit`), and none is supported")
    return decoded["header"], decoded["payload"]


def verified(raw: str, keys: Sequence[AllowedPublicKeys], alg: str, issuer: Issuer) -> JsonObject:
    """The claims of a token that one of `keys` signed, that is valid now and meant for this service.

    Raises Unidentified: `expired_key` or `auth_error`.
    """
    fault: jwt.PyJWTError = jwt.InvalidSignatureError()
    for key in keys:
        try:
            return _decoded(raw, key, alg, issuer)
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError) as error:
            fault = error
        except jwt.PyJWTError as error:
            fault = error
            break
    raise _refusal(fault)


def _decoded(raw: str, key: AllowedPublicKeys, alg: str, issuer: Issuer) -> JsonObject:
    return _jwt.decode(
        raw,
        key,
        algorithms=[alg],
        audience=issuer.audiences or None,
        issuer=issuer.name,
        options={"verify_aud": bool(issuer.audiences)},
    )


def _refusal(fault: jwt.PyJWTError) -> Unidentified:
    if isinstance(fault, jwt.ExpiredSignatureError):
        return Unidentified("the token has expired: get a new one from its issuer", kind="expired_key")
    return Unidentified(next((message for kind, message in _FAULTS if isinstance(fault, kind)), MALFORMED))


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deeper(item, levels - 1) for item in inner)


MAX_LENGTH = 16 * 1024
MAX_TRIED_KEYS = 16
_OWN_CLAIMS = "_litellm_"


class Tokens:
    """Verifies tokens. `issuers` gives the present sources of tokens, none while JWT auth is off."""

    def __init__(self, issuers: Callable[[], Sequence[Issuer]], keys: KeySets) -> None:
        self._issuers = issuers
        self._keys = keys

    def is_token(self, credential: str) -> bool:
        """Whether a credential is to be judged as a token: JWT auth is on, and it has three parts and is no key."""
        return credential.count(".") == 2 and not credential.startswith("sk-") and bool(self._issuers())

    async def verify(self, raw: str) -> tuple[Issuer, JsonObject]:
        """The issuer and the claims of a token, without the claims named `_litellm_*`.

        What the token says of its issuer and key only chooses among those the config names; addresses and keys in its
        header are never used. A token without `exp` does not expire; without `kid`, at most MAX_TRIED_KEYS are tried.
        Raises Unidentified: `expired_key` for an expired token, `auth_error` for any other fault; its messages never
        hold what was sent. Raises IssuerUnavailable where no key can be had.
        """
        if len(raw) > MAX_LENGTH:
            raise Unidentified(f"the token is longer than {MAX_LENGTH} bytes: leave out claims that are not needed")
        header, claims = unverified(raw)
        alg = header.get("alg")
        if not isinstance(alg, str) or alg not in ALGORITHMS:
            raise Unidentified("the token's `alg` is not accepted: sign it with RS*, PS*, ES* or EdDSA")
        issuer, trusted = await self._trusted(raw, alg, header.get("kid"), claims.get("iss"))
        return issuer, {name: value for name, value in trusted.items() if not name.startswith(_OWN_CLAIMS)}

    async def _trusted(self, raw: str, alg: str, kid: str | None, iss: object) -> tuple[Issuer, JsonObject]:
        issuers = self._issuers()
        candidates = [issuer for issuer in issuers if issuer.name == iss] if isinstance(iss, str) else []
        candidates += [issuer for issuer in issuers if issuer.name is None]
        faults: list[Unidentified | IssuerUnavailable] = []
        for issuer in candidates:
            try:
                return issuer, await self._verified(raw, alg, kid, issuer)
            except (Unidentified, IssuerUnavailable) as fault:
                faults.append(fault)
        if not faults:
            raise Unidentified("the token's `iss` is none of the configured issuers")
        raise min(faults, key=_weight)

    async def _verified(self, raw: str, alg: str, kid: str | None, issuer: Issuer) -> JsonObject:
        keys = await self._keys.find(issuer.key_urls, kid, alg, issuer.key_seconds)
        if not keys:
            raise Unidentified("the token's key (`kid`) is none of its issuer's that fit its `alg`")
        return verified(raw, [key.public for key in keys[:MAX_TRIED_KEYS]], alg, issuer)


def _weight(fault: Unidentified | IssuerUnavailable) -> int:
    """Of several issuers' answers the one that counts: an expired token is its issuer's own; one whose issuer may be
    out of reach cannot be refused."""
    if isinstance(fault, IssuerUnavailable):
        return 1
    return 0 if fault.kind == "expired_key" else 2
