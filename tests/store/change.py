"""`python -m store.change URL HASH`: another process that blocks a key, and says when it has."""

import asyncio
import sys

from modelward.contract import Catalog
from modelward.store import open_store
from store.databases import changed


async def block(url: str, key_hash: str) -> None:
    """Wait for a line, block the key, say so."""
    async with open_store(url, declared=Catalog) as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        await store.keys.change(key_hash, lambda key: changed(key, blocked=True))
        sys.stdout.write("blocked\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(block(sys.argv[1], sys.argv[2]))
