"""`python -m store.bind URL ID`: another process that binds an object."""

import asyncio
import sys

from modelward.contract import Catalog
from modelward.store import open_store
from store.objects import ACCOUNT, response


async def bind(url: str, object_id: str) -> None:
    """Bind a response of that id."""
    async with open_store(url, declared=Catalog) as store:
        await store.objects.bind([response(object_id)], ACCOUNT)


if __name__ == "__main__":
    asyncio.run(bind(sys.argv[1], sys.argv[2]))
