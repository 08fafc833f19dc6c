"""Callers by virtual key, and the one by master key (A2)."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from hmac import compare_digest

from modelward.contract import Caller, Issuer, JsonObject, Token
from modelward.contract.facts import key_hash
from modelward.errors import Unidentified
from modelward.identity.claims import read_token, text_at
from modelward.identity.credential import Headers, team_header
from modelward.identity.tokens import Tokens

MASTER = Caller(kind="master")


class Keys:
    """Tells who a key belongs to.

    `master_key` gives the present master key, `None` or empty if there is none; `lookup` the caller by key hash,
    `None` if nobody has that key.
    """

    def __init__(self, master_key: Callable[[], str | None], lookup: Callable[[str], Awaitable[Caller | None]]) -> None:
        self._master_key = master_key
        self._lookup = lookup

    def is_master(self, key: str) -> bool:
        """Whether `key` is the present master key."""
        master = self._master_key()
        return master is not None and master != "" and compare_digest(key_hash(key), key_hash(master))

    async def identify(self, credential: str | None) -> Caller:
        """The caller. Raises Unidentified: `auth_error` where no key was sent, or what cannot be one (a hash is no
        key); `token_not_found_in_db` for a key nobody has. Its messages never hold what was sent. Passes on what
        `lookup` raises."""
        if not credential:
            raise Unidentified("no key was sent: send `Authorization: Bearer sk-...`")
        if self.is_master(credential):
            return MASTER
        if not credential.startswith("sk-"):
            raise Unidentified("what was sent is no key: a key starts with `sk-`")
        return await self.of_hash(key_hash(credential))

    async def of_hash(self, hashed: str) -> Caller:
        """The caller whose key has that hash. Raises Unidentified, `token_not_found_in_db`, if nobody has it."""
        caller = await self._lookup(hashed)
        if caller is None:
            raise Unidentified("this key is unknown: ask an administrator for one", kind="token_not_found_in_db")
        return caller


TokenCaller = Callable[[Token, str | None], Awaitable[Caller]]
MappedKey = Callable[[str, str], Awaitable[str | None]]


class Identity:
    """Tells who a credential stands for.

    `token_caller` gives a verified token's caller; its second argument is a digest (SHA-256, hex) of all that the
    token's facts were read from, so equal digests mean equal tokens, or `None` for a caller not to be kept.
    `mapped_key` gives the hash of the key that a claim's name and value are mapped to, `None` if there is no mapping.
    """

    def __init__(self, keys: Keys, tokens: Tokens, token_caller: TokenCaller, mapped_key: MappedKey) -> None:
        self._keys = keys
        self._tokens = tokens
        self._token_caller = token_caller
        self._mapped_key = mapped_key

    async def identify(self, credential: str | None, headers: Headers) -> Caller:
        """The caller; `headers` are the request's, as ASGI gives them.

        Raises Unidentified as `Keys.identify` and `Tokens.verify` do, for a claim that cannot be read, and for a mapped
        key that is gone (`token_not_found_in_db`). Raises IssuerUnavailable. Passes on what the collaborators raise.
        """
        if credential is None or credential.count(".") != 2:
            return await self._keys.identify(credential)
        if not self._tokens.is_token(credential) or self._keys.is_master(credential):
            return await self._keys.identify(credential)
        issuer, claims = await self._tokens.verify(credential)
        hashed = await self._key_of(issuer, claims)
        if hashed is not None:
            return await self._keys.of_hash(hashed)
        chosen = team_header(headers)
        token = read_token(claims, issuer.paths, chosen)
        return await self._token_caller(token, _digest(credential, token, issuer))

    async def _key_of(self, issuer: Issuer, claims: JsonObject) -> str | None:
        name = issuer.paths.key
        value = text_at(claims, name)
        return None if name is None or value is None else await self._mapped_key(name, value)


def _digest(raw: str, token: Token, issuer: Issuer) -> str | None:
    """Of what was signed, not of the signature, which has several spellings; and of no team but those that the token
    itself names: a header of any text must not make a caller of each."""
    chosen = token.chosen_team_id
    if chosen is not None and chosen not in {token.team_id, token.team_id_default, *token.team_ids}:
        return None
    signed = raw.rpartition(".")[0]
    return sha256(repr((signed, chosen, issuer)).encode("utf-8", "surrogatepass")).hexdigest()
