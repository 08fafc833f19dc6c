"""From a question to the caller it is about (A2, R1, R9), as a request with that credential would find it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from modelward.contract import Caller, Issuer, JsonObject, Key, Reason
from modelward.contract.facts import hash_of
from modelward.errors import Invalid, NotFound, Unidentified
from modelward.explain.report import Change, ManagementCall, Question
from modelward.identity.callers import MASTER, is_master
from modelward.identity.tokens import read_token, text_at
from modelward.store import Store

_HASH = re.compile("[0-9a-f]{64}")
_OWN_CLAIMS = "_litellm_"
_UNKNOWN = "token_not_found_in_db"
_NO_NAME = "no key has this text, hash or alias"
UNVERIFIED = "the token's signature, issuer and audience are not verified here"


@dataclass(frozen=True, slots=True)
class FoundCaller:
    """A caller, `None` where the credential is refused before any rule, and what refuses it."""

    caller: Caller | None
    refusals: Sequence[Reason] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Callers:
    """Finds callers; `issuers` are those whose tokens are trusted."""

    store: Store
    master_key: str | None = field(repr=False)
    issuers: Sequence[Issuer]

    async def find(self, asked: Question, time_ns: int) -> FoundCaller:
        """The caller of a question. Raises StoreUnavailable, and Invalid for a token while JWT auth is off."""
        if asked.claims is not None:
            return await self._of_claims(asked.claims, asked.team_id, time_ns)
        if asked.key is None:
            return await self.made_up(asked.team_id, asked.user_id)
        if is_master(asked.key, self.master_key):
            return FoundCaller(MASTER)
        hashed = hash_of(asked.key).lower().removeprefix("sha256:")
        if not _HASH.fullmatch(hashed):
            try:
                (hashed,) = await self.store.keys.hashes_of([asked.key])
            except NotFound:
                return FoundCaller(None, [Reason(rule=_UNKNOWN, message=_NO_NAME)])
        return await self.of_hash(hashed, _NO_NAME)

    async def made_up(self, team_id: str | None, user_id: str | None) -> FoundCaller:
        """A key of that team and user, without a list of its own."""
        caller = await self.store.caller_with(Key(token="", team_id=team_id, user_id=user_id))
        owners = ((team_id, caller.team, "team"), (user_id, caller.user, "user"))
        notes = [f"{word} `{id_}` has no record" for id_, record, word in owners if id_ and record is None]
        return FoundCaller(caller, notes=["judged as a key without a list of its own", *notes])

    async def of_hash(self, hashed: str, otherwise: str = "nobody has this key") -> FoundCaller:
        """The caller whose key has that hash."""
        caller = await self.store.caller(hashed)
        return FoundCaller(caller, [] if caller else [Reason(rule=_UNKNOWN, message=otherwise)])

    async def _of_claims(self, sent: JsonObject, team_id: str | None, time_ns: int) -> FoundCaller:
        claims = {name: value for name, value in sent.items() if not name.startswith(_OWN_CLAIMS)}
        if not self.issuers:
            raise Invalid("this config trusts no tokens: set `general_settings.enable_jwt_auth`")
        try:
            found = await self._of_token(claims, team_id)
        except Unidentified as error:
            return FoundCaller(None, [Reason(rule=error.kind, message=str(error))])
        refusals = [*_out_of_time(claims, time_ns), *found.refusals]
        return replace(found, refusals=refusals, notes=[UNVERIFIED, *found.notes])

    async def _of_token(self, claims: JsonObject, team_id: str | None) -> FoundCaller:
        named = (issuer for name in (claims.get("iss"), None) for issuer in self.issuers if issuer.name == name)
        issuer = next(named, None)
        if issuer is None:
            raise Unidentified("the token's `iss` is none of the configured issuers")
        claim, value = issuer.paths.key, text_at(claims, issuer.paths.key)
        mapped = None if claim is None or value is None else await self.store.mapped_key(claim, value)
        if mapped is None:
            return FoundCaller(await self.store.token_caller(read_token(claims, issuer.paths, team_id), None))
        return replace(await self.of_hash(mapped), notes=["the token stands for a key that its claim is mapped to"])


def _out_of_time(claims: JsonObject, time_ns: int) -> Iterator[Reason]:
    ends, begins, now = claims.get("exp"), claims.get("nbf"), time_ns / 1e9
    if isinstance(ends, int | float) and ends <= now:
        yield Reason(rule="expired_key", message="the token has expired: get a new one from its issuer")
    elif isinstance(begins, int | float) and begins > now:
        advice = "check the clocks of its issuer and of this service"
        yield Reason(rule="auth_error", message=f"the token is not valid yet: {advice}")


def change_for(refusal: Reason, models: Sequence[str]) -> Change:
    """What a credential needs that is refused before any rule."""
    if refusal.rule == _UNKNOWN:
        call = ManagementCall("POST", "/key/generate", {"models": list(models)})
        return Change("name a key that is known here, or make one", call=call, rule=_UNKNOWN)
    return Change("get a token from its issuer that is in order", rule=refusal.rule)
