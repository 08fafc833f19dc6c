"""One warm chat call passes no more files and functions of the service than docs/architecture.md says."""

import re
import subprocess
import sys

from harness.bundles import REPOSITORY

_IN_DOCS = re.compile(r"^\| (until the upstream is asked|the whole call) \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
_PRINTED = re.compile(r"^(until the upstream is asked|the whole call) +(\d+) +(\d+) +(\d+)$", re.MULTILINE)


def test_a_warm_call_passes_no_more_than_the_docs_say() -> None:
    docs = (REPOSITORY / "docs" / "architecture.md").read_text()
    run = subprocess.run(
        [sys.executable, "-m", "bench.trace"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    told = {name: list(map(int, numbers)) for name, *numbers in _IN_DOCS.findall(docs)}
    counted = {name: list(map(int, numbers)) for name, *numbers in _PRINTED.findall(run.stdout)}
    assert len(counted) == 2
    for name, numbers in counted.items():
        assert all(one <= most for one, most in zip(numbers, told[name], strict=True)), (name, numbers)
