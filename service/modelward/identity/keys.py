"""Callers by virtual key, and the one by master key (A2)."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest

from modelward.contract import Caller
from modelward.errors import Unidentified
from modelward.identity.hashing import key_hash

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
