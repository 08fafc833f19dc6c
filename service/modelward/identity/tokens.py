"""Verified tokens: their signature and life, who issued them (R1), and what they claim, read as facts at the places
that the config names (R2, R7, R8)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import orjson
from jwt.algorithms import AllowedPublicKeys

from modelward.contract import ClaimPaths, Issuer, JsonObject, Token
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
    (jwt.PyJWTError, MALFORMED),
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
    """The claims of a token that one of `keys` signed, that is valid now and meant for this service. Raises
    Unidentified: `expired_key` or `auth_error`."""
    if not keys:
        raise Unidentified("the token's key (`kid`) is none of its issuer's that fit its `alg`")
    fault: jwt.PyJWTError = jwt.InvalidSignatureError()
    has_audiences = bool(issuer.audiences)
    for key in keys:
        try:
            return _jwt.decode(
                raw,
                key,
                algorithms=[alg],
                audience=issuer.audiences or None,
                issuer=issuer.name,
                options={"verify_aud": has_audiences},
            )
        except (jwt.InvalidSignatureError, jwt.InvalidKeyError) as error:
            fault = error
        except jwt.PyJWTError as error:
            fault = error
            break
    if isinstance(fault, jwt.ExpiredSignatureError):
        raise Unidentified("the token has expired: get a new one from its issuer", kind="expired_key")
    raise Unidentified(next(message for kind, message in _FAULTS if isinstance(fault, kind)))


def _is_deeper(value: object, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _is_deeper(item, levels - 1) for item in inner)


MAX_LENGTH = 16 * 1024
MAX_TRIED_KEYS = 16
_OWN_CLAIMS = "_litellm_"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Verifies tokens. `issuers` gives the present sources of tokens, none while JWT auth is off."""

    issuers: Callable[[], Sequence[Issuer]]
    keys: KeySets

    def is_token(self, credential: str) -> bool:
        """Whether a credential is to be judged as a token: JWT auth is on, and it has three parts and is no key."""
        return credential.count(".") == 2 and not credential.startswith("sk-") and bool(self.issuers())

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
        alg, kid, iss = header.get("alg"), header.get("kid"), claims.get("iss")
        if not isinstance(alg, str) or alg not in ALGORITHMS:
            raise Unidentified("the token's `alg` is not accepted: sign it with RS*, PS*, ES* or EdDSA")
        faults: list[Unidentified | IssuerUnavailable] = []
        candidates = [issuer for issuer in self.issuers() if issuer.name in (None, iss)]
        for issuer in sorted(candidates, key=lambda issuer: issuer.name is None):
            try:
                keys = await self.keys.find(issuer.key_urls, kid, alg, issuer.key_seconds)
                trusted = verified(raw, [key.public for key in keys[:MAX_TRIED_KEYS]], alg, issuer)
                return issuer, {name: value for name, value in trusted.items() if not name.startswith(_OWN_CLAIMS)}
            except (Unidentified, IssuerUnavailable) as fault:
                faults.append(fault)
        if not faults:
            raise Unidentified("the token's `iss` is none of the configured issuers")
        raise min(faults, key=_weight)


def _weight(fault: Unidentified | IssuerUnavailable) -> int:
    """Of several issuers' answers the one that counts: an expired token is its issuer's own; one whose issuer may be
    out of reach cannot be refused."""
    if isinstance(fault, IssuerUnavailable):
        return 1
    return 0 if fault.kind == "expired_key" else 2


_STEP = re.compile(r"(?<!\\)\.")


def read_token(claims: JsonObject, paths: ClaimPaths, chosen_team_id: str | None) -> Token:
    """The token with its facts; `claims` are those of a verified token. Absent and `null` read alike. An id of a wrong
    type, or an empty one, is not absent: raises Unidentified. A role or scope of a wrong type is none."""
    scope, team, teams = claims.get("scope"), value_at(claims, paths.team_id), value_at(claims, paths.team_ids)
    return Token(
        issuer=text_at(claims, "iss"),
        claims=claims,
        scopes=[word for word in scope.split(" ") if word] if isinstance(scope, str) else _words(scope),
        roles=_words(value_at(claims, paths.roles)),
        user_roles=_words(value_at(claims, paths.user_roles)),
        object_id=text_at(claims, paths.object_id),
        chosen_team_id=chosen_team_id,
        expects_team=paths.team_id is not None or paths.team_alias is not None,
        team_id=None if team in (None, []) else _text(_items(team)[0], paths.team_id),
        team_id_default=paths.team_id_default,
        team_alias=text_at(claims, paths.team_alias),
        team_ids=sorted({_text(each, paths.team_ids) for each in _items(teams)}),
        user_id=text_at(claims, paths.user_id),
        email=None if value_at(claims, paths.email) == "" else text_at(claims, paths.email),
        organization_id=text_at(claims, paths.organization_id),
    )


def text_at(claims: Mapping[str, object], path: str | None) -> str | None:
    """The text at `path`, `None` if nothing or `null` is there. Raises Unidentified for anything else."""
    value = value_at(claims, path)
    return None if value is None else _text(value, path)


def value_at(claims: Mapping[str, object], path: str | None) -> object:
    """What is at `path`: a claim of that very name, else the steps between its dots; `\\.` is a dot within a step."""
    if path is None:
        return None
    if path in claims:
        return claims[path]
    value: object = claims
    for step in _STEP.split(path):
        value = value.get(step.replace("\\.", ".")) if isinstance(value, Mapping) else None
    return value


def _text(value: object, path: str | None) -> str:
    if not isinstance(value, str) or not value:
        raise Unidentified(f"the token's claim `{path}` is not what it must be: a text that is not empty")
    return value


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words(value: object) -> list[str]:
    return [item for item in _items(value) if isinstance(item, str)]
