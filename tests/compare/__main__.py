"""Compare Modelward with LiteLLM itself: `make compare`, or in `tests/`: `python -m compare --world 7`.

Each disagreement must be explained by a difference that docs/differences.md names. Exits with 1 if one is not.
"""

import argparse
import asyncio
import sys
from collections import Counter

from compare.case import cases
from compare.difference import explanation
from compare.differences import DIFFERENCES
from compare.report import case_text, summary, world_text
from compare.run import run


async def compare(seed: int, numbers: range, *, in_full: bool) -> bool:
    """Ask the worlds, and print what was found; whether every disagreement is explained."""
    explained: Counter[str] = Counter()
    asked, unexplained = 0, 0
    async for answered in run(seed, numbers):
        if in_full:
            _print(world_text(answered))
        asked += len(answered.ours)
        for case in cases(answered):
            names = explanation(case, DIFFERENCES)
            explained.update(names or ())
            unexplained += names is None
            if names is None or in_full:
                _print(case_text(case, names))
    _print(summary(seed, len(numbers), asked, explained, unexplained))
    return unexplained == 0


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(prog="compare", description="Compare Modelward with LiteLLM itself.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=200, help="how many")
    parser.add_argument("--world", type=int, help="only the one of this number, in full")
    options = parser.parse_args()
    one = options.world is not None
    numbers = range(options.world, options.world + 1) if one else range(options.worlds)
    sys.exit(0 if asyncio.run(compare(options.seed, numbers, in_full=one)) else 1)


if __name__ == "__main__":
    main()
