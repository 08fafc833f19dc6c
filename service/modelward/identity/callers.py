"""Where a request carries its credential (A1), and the caller that it stands for: by virtual key, master key or token
(A2)."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import parse_qsl

from modelward.contract import Caller, Issuer, Token
from modelward.contract.facts import key_hash
from modelward.errors import Unidentified
from modelward.identity.tokens import Tokens, read_token, text_at

HEADERS = (
    b"x-litellm-api-key",
    b"authorization",
    b"api-key",
    b"x-api-key",
    b"x-goog-api-key",
    b"ocp-apim-subscription-key",
)
_NAMES = frozenset(HEADERS)
TEAM_HEADER = b"x-litellm-team-id"
_BEARER = re.compile(r"\Abearer ", re.ASCII | re.IGNORECASE)

Headers = Sequence[tuple[bytes, bytes]]


def credential(headers: Headers, query: bytes, google: bool) -> str | None:
    """The credential of a request, `None` if it carries none; bytes that are not UTF-8 become lone surrogates.

    `headers` and `query` are as ASGI gives them. The first of HEADERS that is present decides alone, also if it is
    empty; `?key=` counts on Google-style routes only, where no header does. Raises Unidentified for a header or
    parameter that is there twice with different values: which one is meant is not ours to guess.
    """
    sent = [(name.lower(), text) for name, text in headers if name.lower() in _NAMES]
    for name in HEADERS if sent else ():
        values = {text.decode("utf-8", "surrogateescape").strip(" \t") for key, text in sent if key == name}
        if values:
            value, *others = values
            if others:
                raise _twice(name.decode())
            return _BEARER.sub("", value).strip(" \t")
    parameters = parse_qsl(query.decode("latin-1"), keep_blank_values=True, errors="surrogateescape") if google else []
    keys = {value for name, value in parameters if name == "key"}
    if len(keys) > 1:
        raise _twice("?key=")
    return next(iter(keys), None)


def team_header(headers: Headers) -> str | None:
    """The team that a request with a token asks for (R7), `None` if for none; bytes that are not UTF-8 name no team,
    and become U+FFFD. Raises Unidentified for a header that is there twice with different values."""
    values = {value.decode("utf-8", "replace").strip(" \t") for key, value in headers if key.lower() == TEAM_HEADER}
    if len(values) > 1:
        raise _twice(TEAM_HEADER.decode())
    return next(iter(values), None)


def _twice(place: str) -> Unidentified:
    return Unidentified(f"`{place}` is there more than once, with different values: send it once")


MASTER = Caller(kind="master")


def is_master(key: str, master_key: str | None) -> bool:
    """Whether `key` is the master key, of which there is none where that is empty."""
    return bool(master_key) and compare_digest(key_hash(key), key_hash(master_key or ""))


@dataclass(frozen=True, slots=True)
class Identity:
    """Tells who a credential stands for.

    `master_key` gives the present master key, `None` or empty if there is none; `lookup` the caller by key hash,
    `None` if nobody has that key. `token_caller` gives a verified token's caller; its second argument is a digest
    (SHA-256, hex) of all that the token's facts were read from, so equal digests mean equal tokens, or `None` for a
    caller not to be kept. `mapped_key` gives the hash of the key that a claim's name and value are mapped to, `None` if
    there is no mapping.
    """

    master_key: Callable[[], str | None]
    lookup: Callable[[str], Awaitable[Caller | None]]
    tokens: Tokens
    token_caller: Callable[[Token, str | None], Awaitable[Caller]]
    mapped_key: Callable[[str, str], Awaitable[str | None]]

    async def identify(self, credential: str | None, headers: Headers) -> Caller:
        """The caller; `headers` are the request's, as ASGI gives them.

        Raises Unidentified: `auth_error` where nothing was sent, or what cannot be a key (a hash is none);
        `token_not_found_in_db` for a key nobody has, also one that a token is mapped to; as `Tokens.verify` does, and
        for a claim that cannot be read. Its messages never hold what was sent. Raises IssuerUnavailable. Passes on what
        the collaborators raise.
        """
        if not credential:
            raise Unidentified("no key was sent: send `Authorization: Bearer sk-...`")
        if is_master(credential, self.master_key()):
            return MASTER
        if credential.startswith("sk-"):
            hashed = key_hash(credential)
        elif self.tokens.is_token(credential):
            issuer, claims = await self.tokens.verify(credential)
            name, value = issuer.paths.key, text_at(claims, issuer.paths.key)
            mapped = await self.mapped_key(name, value) if name is not None and value is not None else None
            if mapped is None:
                token = read_token(claims, issuer.paths, team_header(headers))
                return await self.token_caller(token, _digest(credential, token, issuer))
            hashed = mapped
        else:
            raise Unidentified("what was sent is no key: a key starts with `sk-`")
        caller = await self.lookup(hashed)
        if caller is None:
            raise Unidentified("this key is unknown: ask an administrator for one", kind="token_not_found_in_db")
        return caller


def _digest(raw: str, token: Token, issuer: Issuer) -> str | None:
    """Of what was signed, not of the signature, which has several spellings; and of no team but those that the token
    itself names: a header of any text must not make a caller of each."""
    chosen = token.chosen_team_id
    if chosen is not None and chosen not in {token.team_id, token.team_id_default, *token.team_ids}:
        return None
    signed = raw.rpartition(".")[0]
    return sha256(repr((signed, chosen, issuer)).encode("utf-8", "surrogatepass")).hexdigest()
