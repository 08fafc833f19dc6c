"""Which keys of a team or user its info route shows."""

from dataclasses import replace

from fastapi import Request

from modelward.admin.gate_state import caller_of, subject_of
from modelward.admin.keys.answers import KeyAnswer
from modelward.store import KeyFilter, Store

MOST_KEYS = 1_000


async def visible_keys(store: Store, request: Request, wanted: KeyFilter) -> list[KeyAnswer]:
    """For an admin, the first 1,000 of the keys; for others their own key alone, as in `/key/info` (A3)."""
    if not subject_of(request).admin:
        own = caller_of(request).key
        wanted = replace(wanted, hash=own.hash if own is not None else "")
    keys, _ = await store.keys.page(wanted, offset=0, limit=MOST_KEYS)
    return [KeyAnswer.of_key(key) for key in keys]
