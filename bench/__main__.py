"""Measure, and print two tables: `python -m bench [--rounds N] [--seconds S] [--connections C] [--only WORD]`.

Every gateway is one worker; rounds are interleaved, so that whatever else the machine does hits all alike. The first
table is load without pause: answers a second, beside those of the bare gateway that does the same work but decides
nothing, and `cpu`, what a subject's processes used for one request (Linux only). The second is load of `--rate`
requests a second, for plain answers and for the first event of streams: milliseconds beyond what the provider takes
by itself. Exits with 1 if any answer is not 200.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.processes import cpu_seconds, python
from bench.subjects import Subject, provider, subjects, write_config

_CLOSED: tuple[str, ...] = ()
_STREAM = ("--stream",)


@dataclass(frozen=True)
class Round:
    """One measurement of one subject: answers a second, milliseconds, and microseconds of CPU an answer."""

    rate: float
    p50: float
    p99: float
    cpu: float


Rounds = dict[tuple[str, tuple[str, ...]], list[Round]]
"""The measurements of each subject under each load."""


def measure(subject: Subject, load: Sequence[str]) -> Round:
    """One round; ends the run if the load met an answer that is not 200."""
    before = sum(map(cpu_seconds, subject.processes))
    command = python("bench.load", subject.port, subject.key, *load)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{subject.name}: {done.stderr.strip()[-2000:]}")
    found = json.loads(done.stdout)
    used = sum(map(cpu_seconds, subject.processes)) - before
    return Round(found["rate"], found["p50"], found["p99"], 1e6 * used / found["total"])


def without_pause(measured: Sequence[Subject], rounds: Rounds) -> str:
    """The first table: medians over the rounds, and ratios to the subject that each is held against."""
    lines = [f"{'':28}{'req/s':>8}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'cpu us':>8}"]
    found = {subject.name: _medians(rounds[subject.name, _CLOSED]) for subject in measured}
    for name, beside in ((subject.name, subject.beside) for subject in measured):
        own = found[name]
        ratio = f"{own.rate / found[beside].rate:8.2f}" if beside in found else 8 * " "
        lines.append(f"{name:28}{own.rate:8.0f}{ratio}{own.p50:9.1f}{own.p99:9.1f}{own.cpu:8.0f}")
    return "\n".join(lines)


def at_rate(measured: Sequence[Subject], rounds: Rounds, rate: float) -> str:
    """The second table: what each adds to the times of the first subject, which is the provider itself."""
    head = f"added at {rate:.0f}/s, ms"
    lines = [f"{head:28}{'p50':>8}{'p99':>8}{'stream p50':>12}{'stream p99':>12}"]
    loads = [("--rate", str(rate), *more) for more in (_CLOSED, _STREAM)]
    bare = [_medians(rounds[measured[0].name, load]) for load in loads]
    for subject in measured[1:]:
        plain, stream = (_medians(rounds[subject.name, load]) for load in loads)
        added = [plain.p50 - bare[0].p50, plain.p99 - bare[0].p99, stream.p50 - bare[1].p50, stream.p99 - bare[1].p99]
        lines.append(f"{subject.name:28}{added[0]:8.2f}{added[1]:8.2f}{added[2]:12.2f}{added[3]:12.2f}")
    return "\n".join(lines)


def _medians(rounds: list[Round]) -> Round:
    columns = zip(*((each.rate, each.p50, each.p99, each.cpu) for each in rounds), strict=True)
    return Round(*map(statistics.median, columns))


def main() -> None:
    """Start everything, run the rounds, print."""
    options = _options()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        upstream = stack.enter_context(provider(folder))
        config = write_config(folder, upstream.port)
        chosen = [stack.enter_context(make) for make in subjects(folder, config, upstream.port, options.only)]
        paced = [("--rate", str(options.rate)), ("--rate", str(options.rate), *_STREAM)]
        wanted = [(subject, _CLOSED) for subject in chosen]
        wanted += [(subject, load) for load in paced for subject in (upstream, *chosen)]
        rounds: Rounds = {(subject.name, load): [] for subject, load in wanted}
        size = ("--connections", str(options.connections), "--seconds", str(options.seconds))
        for _ in range(options.rounds):
            for subject, load in wanted:
                rounds[subject.name, load].append(measure(subject, [*size, *load]))
        print(without_pause(chosen, rounds), at_rate([upstream, *chosen], rounds, options.rate), sep="\n\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Modelward beside what decides nothing.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one round, beside a quarter of it as warm-up")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=float, default=300.0, help="requests a second of the second table")
    parser.add_argument("--only", help="only those of this word in their name, and what they are held against")
    return parser.parse_args()


if __name__ == "__main__":
    main()
