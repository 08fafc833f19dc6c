"""From a question to the caller it is about (A2, R1, R9), as a request with that credential would find it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

import orjson

from modelward.contract import Caller, Customer, Issuer, JsonObject, Key, Token
from modelward.contract.facts import hash_of
from modelward.errors import Invalid, NotFound, Unidentified
from modelward.explain.report import Change, ManagementCall, Question, ReasonShown
from modelward.identity.claims import read_token, text_at

_HASH = re.compile("[0-9a-f]{64}")
_OWN_CLAIMS = "_litellm_"
_NO_NAME = "no key has this text, hash or alias"
UNVERIFIED = "the token's signature, issuer and audience are not verified here"


class KeysByAlias(Protocol):
    """The names of keys."""

    async def hashes_of(self, aliases: Sequence[str]) -> list[str]:
        """The hashes of the keys with these aliases. Raises NotFound if one is missing."""


class Subjects(Protocol):
    """Those who ask, as the store knows them. Every method raises StoreUnavailable."""

    @property
    def keys(self) -> KeysByAlias:
        """The keys' names."""

    async def caller(self, key_hash: str) -> Caller | None:
        """The caller with that key."""

    async def caller_with(self, key: Key) -> Caller:
        """The caller that a key with that record would have."""

    async def token_caller(self, token: Token, digest: str) -> Caller:
        """The caller with that token; equal digests mean equal tokens."""

    async def mapped_key(self, claim_name: str, claim_value: str) -> str | None:
        """The hash of the key that a claim is mapped to."""

    async def named_customers(self, ids: Sequence[str]) -> list[Customer]:
        """The customers that have a record."""


@dataclass(frozen=True, slots=True)
class FoundCaller:
    """A caller, `None` where the credential is refused before any rule; what refuses it, and what may help."""

    caller: Caller | None
    refusals: list[ReasonShown] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Callers:
    """Finds callers. `is_master` tells the master key, `issuers` are those whose tokens are trusted."""

    subjects: Subjects
    is_master: Callable[[str], bool]
    issuers: Sequence[Issuer]

    async def find(self, asked: Question, time_ns: int) -> FoundCaller:
        """The caller of a question. Raises StoreUnavailable, and Invalid for a token while JWT auth is off."""
        if asked.claims is not None:
            return await self._of_claims(asked.claims, asked.team_id, time_ns)
        if asked.key is not None:
            return await self._of_key(asked.key, asked.asked_models)
        return await self.made_up(asked.team_id, asked.user_id)

    async def made_up(self, team_id: str | None, user_id: str | None) -> FoundCaller:
        """A key of that team and user, without a list of its own."""
        caller = await self.subjects.caller_with(Key(token="", team_id=team_id, user_id=user_id))
        owners = ((team_id, caller.team, "team"), (user_id, caller.user, "user"))
        notes = [f"{word} `{id_}` has no record" for id_, record, word in owners if id_ and record is None]
        return FoundCaller(caller, notes=["judged as a key without a list of its own", *notes])

    async def of_hash(self, hashed: str, models: Sequence[str]) -> FoundCaller:
        """The caller whose key has that hash."""
        caller = await self.subjects.caller(hashed)
        return _nobody(models) if caller is None else FoundCaller(caller)

    async def _of_key(self, key: str, models: Sequence[str]) -> FoundCaller:
        if self.is_master(key):
            return FoundCaller(Caller(kind="master"))
        hashed = hash_of(key).lower().removeprefix("sha256:")
        if not _HASH.fullmatch(hashed):
            try:
                (hashed,) = await self.subjects.keys.hashes_of([key])
            except NotFound:
                return _nobody(models, _NO_NAME)
        caller = await self.subjects.caller(hashed)
        return _nobody(models, _NO_NAME) if caller is None else FoundCaller(caller)

    async def _of_claims(self, sent: JsonObject, team_id: str | None, time_ns: int) -> FoundCaller:
        claims = {name: value for name, value in sent.items() if not name.startswith(_OWN_CLAIMS)}
        if not self.issuers:
            raise Invalid("this config trusts no tokens: set `general_settings.enable_jwt_auth`")
        issuer = _issuer(self.issuers, claims.get("iss"))
        if issuer is None:
            return _refused("auth_error", "the token's `iss` is none of the configured issuers")
        try:
            mapped = await self._mapped_key(issuer, claims)
            caller = None if mapped else await self._token_caller(issuer, claims, team_id)
        except Unidentified as error:
            return _refused(error.kind, str(error))
        found = await self.of_hash(mapped, []) if mapped else FoundCaller(caller)
        expired = _expired(claims, time_ns)
        return FoundCaller(
            found.caller,
            [*expired.refusals, *found.refusals],
            [*expired.changes, *found.changes],
            [UNVERIFIED, *(["the token stands for a key that its claim is mapped to"] if mapped else [])],
        )

    async def _mapped_key(self, issuer: Issuer, claims: JsonObject) -> str | None:
        name = issuer.paths.key
        value = text_at(claims, name)
        return None if name is None or value is None else await self.subjects.mapped_key(name, value)

    async def _token_caller(self, issuer: Issuer, claims: JsonObject, team_id: str | None) -> Caller:
        token = read_token(claims, issuer.paths, team_id)
        digest = sha256(b"explain" + orjson.dumps([claims, team_id]) + repr(issuer).encode()).hexdigest()
        return await self.subjects.token_caller(token, digest)


def _issuer(issuers: Sequence[Issuer], name: object) -> Issuer | None:
    named = [issuer for issuer in issuers if issuer.name is not None and issuer.name == name]
    return next(iter([*named, *(issuer for issuer in issuers if issuer.name is None)]), None)


def _expired(claims: JsonObject, time_ns: int) -> FoundCaller:
    ends, begins, now = claims.get("exp"), claims.get("nbf"), time_ns / 1e9
    if isinstance(ends, int | float) and ends <= now:
        return _refused("expired_key", "the token has expired: get a new one from its issuer")
    if isinstance(begins, int | float) and begins > now:
        return _refused("auth_error", "the token is not valid yet: check the clocks of its issuer and of this service")
    return FoundCaller(None)


def _refused(kind: str, message: str) -> FoundCaller:
    change = Change(kind, "credential", "get a token from its issuer that is in order")
    return FoundCaller(None, [ReasonShown(kind, message)], [change])


def _nobody(models: Sequence[str], message: str = "nobody has this key") -> FoundCaller:
    kind = "token_not_found_in_db"
    call = ManagementCall("POST", "/key/generate", {"models": list(models)})
    change = Change(kind, "credential", "name a key that is known here, or make one", call=call)
    return FoundCaller(None, [ReasonShown(kind, message)], [change])
