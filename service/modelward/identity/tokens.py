"""Verified tokens: who issued them, and what they claim (R1)."""

from collections.abc import Callable, Sequence

from modelward.contract import Issuer, JsonObject
from modelward.errors import IssuerUnavailable, Unidentified
from modelward.identity.decoder import unverified, verified
from modelward.identity.key_sets import KeySets
from modelward.identity.signing_keys import ALGORITHMS

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
