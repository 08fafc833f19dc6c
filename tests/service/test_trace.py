"""One warm chat call passes few files and few functions of the service: `make trace` counts them."""

import re
import subprocess
import sys

from harness.bundles import REPOSITORY

MOST_FILES = 31
MOST_FUNCTIONS = 103


def test_a_warm_call_passes_no_more_files_and_functions_than_it_did() -> None:
    command = [sys.executable, "-m", "bench.trace"]
    printed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    counted = re.search(r"^the whole call +(\d+) +(\d+) +\d+$", printed, re.MULTILINE)
    assert counted is not None, printed
    files, functions = map(int, counted.groups())
    assert files <= MOST_FILES
    assert functions <= MOST_FUNCTIONS
