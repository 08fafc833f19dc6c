"""A large file takes disk, not memory; measured in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MB = 1024 * 1024

STREAM = """
import asyncio, resource
from modelward.errors import Refused
from contextlib import aclosing
from modelward.gateway.endpoints import ROUTES
from modelward.gateway.request.forms import read_form

ROUTE = next(row for row in ROUTES if row.template == "/v1/audio/transcriptions")
MB, SIZE = 1024 * 1024, {size}
HEAD = b'--XX\\r\\nContent-Disposition: form-data; name="file"; filename="a"\\r\\n\\r\\n'

def body():
    yield HEAD
    for _ in range(SIZE * 16):
        yield b"x" * (MB // 16)
    yield b"\\r\\n--XX--\\r\\n"

async def main():
    parts = body()
    async def receive():
        part = next(parts, None)
        return {{"type": "http.request", "body": part or b"", "more_body": part is not None}}
    headers = [(b"content-type", b"multipart/form-data; boundary=XX")]
    async with aclosing(await read_form(ROUTE, headers, receive, 10**9)) as form:
        written = form.written({{"model": "a"}})
        return sum([len(chunk) async for chunk in written.body]) - written.length, form.files[0].file.size

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
"""

MEASURE = """
before = peak()
over, size = asyncio.run(main())
assert (over, size) == (0, SIZE * MB), (over, size)
print(peak() - before)
"""

FULL = """
resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MB, 2 * MB))
try:
    asyncio.run(main())
except Refused as refused:
    print(refused.status)
"""


def run(program: str, size: int, cwd: Path) -> int:
    """What a process prints that reads and writes a form with a file of `size` MB."""
    code = STREAM.format(size=size) + program
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a process's peak is read by `resource`")
def test_a_file_of_200_mb_is_read_and_written_in_little_memory(tmp_path: Path) -> None:
    assert run(MEASURE, 200, tmp_path) < 50 * MB


@pytest.mark.skipif(sys.platform == "win32", reason="a process's files are bounded by `resource`")
def test_a_file_for_which_there_is_no_room_is_503(tmp_path: Path) -> None:
    assert run(FULL, 4, tmp_path) == 503
