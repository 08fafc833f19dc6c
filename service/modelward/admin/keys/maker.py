"""How a virtual key comes into being."""

from collections.abc import Callable
from datetime import datetime

from modelward.admin.edit import made
from modelward.admin.keys.requests import NewKey
from modelward.errors import Conflict
from modelward.identity import key_hash
from modelward.store import KeyRecord, Store

_SHOWN_CHARACTERS = 4
_SHORT = 20


class KeyMaker:
    """Makes keys. `is_master` knows the master key, `now` gives the time in UTC, `new_key` a fresh secret that starts
    with `sk-`."""

    def __init__(
        self, store: Store, is_master: Callable[[str], bool], now: Callable[[], datetime], new_key: Callable[[], str]
    ) -> None:
        self._keys = store.keys
        self._is_master = is_master
        self._now = now
        self._new_key = new_key

    async def make(self, new: NewKey, by: str) -> tuple[KeyRecord, str]:
        """A new key's record, stored, and its clear text, which is kept nowhere. Raises Conflict and Invalid."""
        secret = self.secret(new.key)
        record = KeyRecord(hash=key_hash(secret), key_name=shown_name(secret))
        record = made(record, new, self._now(), by)
        await self._keys.add(record)
        return record, secret

    def secret(self, chosen: str | None) -> str:
        """The secret that was chosen, or a fresh one. Raises Conflict for the master key."""
        secret = chosen or self._new_key()
        if self._is_master(secret):
            raise Conflict("this is the master key, which cannot be a virtual key too: choose another")
        return secret


def shown_name(key: str) -> str:
    """What may be shown of a key: `sk-...` and its last four characters, those only if enough others stay hidden."""
    return f"sk-...{key[-_SHOWN_CHARACTERS:] if len(key) >= _SHORT else ''}"
