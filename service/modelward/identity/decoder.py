"""One token against one key: its signature, its life and whom it is for (R1)."""

from collections.abc import Sequence
from typing import Any

import jwt
import orjson
from jwt.algorithms import AllowedPublicKeys

from modelward.contract import Issuer, JsonObject
from modelward.errors import Unidentified

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
