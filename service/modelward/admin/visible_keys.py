"""Which keys of a team or user its info route shows."""

from dataclasses import replace

from modelward.admin.gate_state import is_admin
from modelward.admin.key_answers import KeyAnswer
from modelward.contract import Caller
from modelward.store import KeyFilter, Store

MOST_KEYS = 1_000


async def visible_keys(store: Store, caller: Caller, wanted: KeyFilter) -> list[KeyAnswer]:
    """For an admin, the first 1,000 of the keys; for others their own key alone, as in `/key/info` (A3)."""
    if not is_admin(caller):
        wanted = replace(wanted, hash=caller.key.hash if caller.key else "")
    keys, _ = await store.keys.page(wanted, offset=0, limit=MOST_KEYS)
    return [KeyAnswer.of(key) for key in keys]
