"""What looked-up callers take in memory: `python -m bench.memory URL KEYS COUNT`.

In a process that holds the store at URL and nothing else, COUNT different callers are looked up, then half as many
others. Prints `[idle, full, more]` as JSON: MB in use before, after the first and after the others (Linux only, else
0). Exits with 1 if a lookup fails.
"""

import asyncio
import gc
import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.lookups import look_up
from modelward.contract import Catalog
from modelward.errors import ModelwardError
from modelward.store import Store, open_store


async def measure(url: str, keys: int, count: int) -> list[float]:
    """Megabytes: idle, with `count` callers looked up, and with half as many others."""
    numbers = random.Random(0).sample(range(keys), min(count + count // 2, keys))
    catalog = Catalog()
    async with open_store(url, declared=lambda: catalog) as store:
        await _until_kept(store, numbers[0])
        used = [megabytes()]
        for part in (numbers[:count], numbers[count:]):
            await _hold(store, part)
            used.append(megabytes())
    return used


async def _until_kept(store: Store, number: int) -> None:
    """Right after the start nothing is kept: the database has yet to vouch for it."""
    for _ in range(100):
        if await look_up(store, number) is await look_up(store, number):
            return
        await asyncio.sleep(0.05)
    sys.exit("the store keeps no caller in memory")


async def _hold(store: Store, numbers: Sequence[int]) -> None:
    """Look callers up, and encode each as its first decision does."""
    for number in numbers:
        _ = (await look_up(store, number)).encoded


def megabytes() -> float:
    """The memory that this process has in use now."""
    gc.collect()
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    try:
        print(json.dumps(uvloop.run(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
    except ModelwardError as error:
        sys.exit(str(error))
