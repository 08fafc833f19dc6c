"""What very many keys cost: `python -m bench.keys [--keys N ...] [--rounds N] [--lookups N]`.

Stores that differ in the number of their keys, SQLite and PostgreSQL where it can be started, are measured in
interleaved rounds: callers that are in no cache, looked up one after another, then a decision by each engine for each.
Prints one table: microseconds, and megabytes of a process that holds the store idle, with a full cache, and after 5,000
other callers. Exits with 1 if a lookup fails or a decision is not the expected one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from dataclasses import astuple
from functools import partial
from pathlib import Path

import uvloop

from bench.databases import has_postgres, postgres, postgres_server, sqlite
from bench.lookups import Filled, Times, measure
from bench.processes import python
from bench.subjects import opa_server, write_config
from modelward import loading
from modelward.compose import spare_the_collector
from modelward.engine import EmbeddedEngine, OpaEngine

CACHE = 10_000
"""As many callers does a store keep in memory."""

_NO_PROVIDER = 9
_MEASURED = ("lookup", "embedded", "opa server")
Rounds = list[dict[str, Times]]


def main() -> None:
    """Fill the databases, measure, print."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        config = write_config(folder, _NO_PROVIDER)
        stores = list(_filled(folder, stack, options.keys))
        _, opa_url = stack.enter_context(opa_server(folder, config))
        rounds = uvloop.run(_measure(config, opa_url, stores, options))
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # nothing is timed any more
            print(_report(stores, rounds, list(pool.map(_memory, stores))))


def _filled(folder: Path, stack: ExitStack, sizes: Sequence[int]) -> Iterator[Filled]:
    """Each database, filled."""
    fill: dict[str, Callable[[int], str]] = {"sqlite": partial(sqlite, folder)}
    if has_postgres():
        fill["postgresql"] = partial(postgres, stack.enter_context(postgres_server()))
    for database, new in fill.items():
        for keys in sizes:
            began = time.monotonic()
            url = new(keys)
            print(f"{database}: {keys} keys filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
            yield Filled(database, keys, url)


async def _measure(config: Path, opa_url: str, stores: Sequence[Filled], options: argparse.Namespace) -> list[Rounds]:
    loaded = loading.load(config, os.environ)
    catalog = loaded.sealed.catalog
    async with AsyncExitStack() as stack:
        embedded = EmbeddedEngine(loaded.wasm, loaded.sealed.data)
        stack.callback(embedded.close)
        opa = await stack.enter_async_context(OpaEngine(opa_url))
        engines = {"embedded": embedded.decide, "opa server": opa.decide}
        spare_the_collector()
        rounds: list[Rounds] = [[] for _ in stores]
        for seed in range(options.rounds):
            for filled, own in zip(stores, rounds, strict=True):
                own.append(await measure(filled, catalog, engines, options.lookups, seed))
        return rounds


def _memory(filled: Filled) -> list[float]:
    command = python("bench.memory", filled.url, filled.keys, CACHE)
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        sys.exit(f"{filled}: {run.stderr.strip()[-2000:]}")
    return [float(each) for each in json.loads(run.stdout)]


def _report(stores: Sequence[Filled], rounds: Sequence[Rounds], memory: Sequence[Sequence[float]]) -> str:
    """The table: medians over the rounds, and under each store their ratios to the smallest of its database."""
    lines = [
        f"{'':22}{'lookup us':>16}{'embedded us':>16}{'opa server us':>16}{'memory MB':>24}",
        f"{'':22}{'p50':>8}{'p99':>8}" + f"{'p50':>8}{'p99':>8}" * 2 + f"{'idle':>8}{'full':>8}{'more':>8}",
    ]
    first: dict[str, list[float]] = {}
    for filled, own, used in zip(stores, rounds, memory, strict=True):
        values = [*_medians(own), used[0]]
        line = "".join(f"{value:8.0f}" for value in (*values, *used[1:]))
        lines.append(f"{filled.database:10}{filled.keys:12,}{line}")
        if filled.database in first:
            pairs = zip(values, first[filled.database], strict=True)
            ratios = [value / base if base else 0.0 for value, base in pairs]
            lines.append(f"{'  ratio':22}" + "".join(f"{ratio:8.2f}" for ratio in ratios))
        first.setdefault(filled.database, values)
    return "\n".join(lines)


def _medians(rounds: Rounds) -> list[float]:
    """Of each thing measured, the p50 and the p99."""
    columns = zip(*([part for name in _MEASURED for part in astuple(each[name])] for each in rounds), strict=True)
    return list(map(statistics.median, columns))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.keys", description="Measure what very many keys in the store cost.")
    parser.add_argument("--keys", type=int, nargs="+", default=[1_000, 1_000_000], help="of each store; smallest first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lookups", type=int, default=1_000, help="of one round, at most as many as there are keys")
    return parser.parse_args()


if __name__ == "__main__":
    main()
