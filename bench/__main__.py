"""Measure, and print one table: `python -m bench [--rounds N] [--seconds S] [--concurrency C] [--only NAME]`.

Every gateway is one worker; rounds are interleaved, so that whatever else the machine does hits all alike. `cpu` is
what a subject's processes used for one request (Linux only). Exits with 1 if any answer is not 200.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.processes import cpu_seconds, python
from bench.subjects import Subject, baseline, embedded, provider, with_opa, write_config


@dataclass(frozen=True)
class Round:
    """One measurement of one subject: answers a second, milliseconds, and microseconds of CPU an answer."""

    rate: float
    p50: float
    p99: float
    cpu: float


def measure(subject: Subject, concurrency: int, seconds: float) -> Round:
    """One round; ends the run if the load met an answer that is not 200."""
    before = sum(map(cpu_seconds, subject.processes))
    command = python("bench.load", subject.port, subject.key, concurrency, seconds)
    load = subprocess.run(command, capture_output=True, text=True, check=False)
    if load.returncode != 0:
        sys.exit(f"{subject.name}: {load.stderr.strip()[-2000:]}")
    found = json.loads(load.stdout)
    used = sum(map(cpu_seconds, subject.processes)) - before
    return Round(found["rate"], found["p50"], found["p99"], 1e6 * used / found["total"])


def report(subjects: list[Subject], rounds: dict[str, list[Round]]) -> str:
    """The table: medians over the rounds, and ratios to the first subject."""
    first = _medians(rounds[subjects[0].name])
    lines = [f"{'':24}{'req/s':>8}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'cpu us':>8}{'ratio':>8}"]
    for subject in subjects:
        own = _medians(rounds[subject.name])
        cpu_ratio = own.cpu / first.cpu if first.cpu else 0.0
        line = f"{subject.name:24}{own.rate:8.0f}{own.rate / first.rate:8.2f}{own.p50:9.1f}{own.p99:9.1f}"
        lines.append(f"{line}{own.cpu:8.0f}{cpu_ratio:8.2f}")
    return "\n".join(lines)


def _medians(rounds: list[Round]) -> Round:
    columns = zip(*((each.rate, each.p50, each.p99, each.cpu) for each in rounds), strict=True)
    return Round(*map(statistics.median, columns))


def main() -> None:
    """Start everything, run the rounds, print."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        upstream_port = stack.enter_context(provider(folder))
        config = write_config(folder, upstream_port)
        subjects = [stack.enter_context(baseline(folder, upstream_port))]
        subjects += [stack.enter_context(make(folder, config)) for make in _chosen(options.only)]
        rounds: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
        for _ in range(options.rounds):
            for subject in subjects:
                rounds[subject.name].append(measure(subject, options.concurrency, options.seconds))
        print(report(subjects, rounds))


def _chosen(only: str | None) -> list[Callable[[Path, Path], AbstractContextManager[Subject]]]:
    makers = {"embedded": embedded, "opa": with_opa}
    return [make for name, make in makers.items() if only in {None, name}]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Modelward beside a bare pass-through.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one round, beside a quarter of it as warm-up")
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--only", choices=["baseline", "embedded", "opa"], help="measure this beside the baseline")
    return parser.parse_args()


if __name__ == "__main__":
    main()
