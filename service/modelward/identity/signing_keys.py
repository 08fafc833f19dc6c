"""The keys that tokens are signed with, as issuers publish them (R1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import jwt
from jwt.algorithms import AllowedPublicKeys

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
    """A public key and the values of `alg` that a token signed with it may bear; `kid` is its id, if it has one."""

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
