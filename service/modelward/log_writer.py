"""All log lines go out here: through one queue that is bounded in bytes, and one thread, so that a reader of the log
that stalls holds up no request and no shutdown."""

import io
import logging
import os
import select
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

_QUEUE_BYTES = 8 * 1024 * 1024
_BATCH_SECONDS = 0.25
_CLOSE_SECONDS = 2.0
_STDERR = 2
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_log = logging.getLogger("modelward")


class LogWriter:
    """Takes lines without ever waiting, and hands them to `write` in a thread of its own, a quarter of a second's at a
    time. A line for which the queue of `limit` bytes has no room is lost and counted, and so are all that `write`
    could not write, for which it raises OSError.
    """

    def __init__(self, write: Callable[[bytes], object], limit: int = _QUEUE_BYTES) -> None:
        self._write = write
        self._limit = limit
        # A destructor that logs may run in the middle of any line below: the lock is its own thread's again.
        self._lock = threading.RLock()
        self._waiting = bytearray()
        self._lost = 0
        self._untold = 0
        self._count_lost: Callable[[int], object] | None = None
        self._some = SimpleQueue[None]()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def add(self, line: bytes) -> None:
        """Takes one line, its end included."""
        with self._lock:
            first = not self._waiting
            fits = len(self._waiting) + len(line) <= self._limit
            if fits:
                self._waiting += line
        if not fits:
            self._lose(1)
        elif first:
            self._some.put(None)

    def count_losses(self, count: Callable[[int], object]) -> None:
        """Lets `count` know of every line that is lost, those before this call at once; any thread may call it."""
        with self._lock:
            self._count_lost, before, self._lost = count, self._lost, 0
        if before:
            count(before)

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Writes what is left, and waits no longer than that for it."""
        self._closing.set()
        self._some.put(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._closing.is_set() or self._waiting:
            self._some.get()
            self._closing.wait(_BATCH_SECONDS)
            with self._lock:
                lines, self._waiting = bytes(self._waiting), bytearray()
            try:
                self._write(lines)
            except OSError:
                self._lose(lines.count(b"\n"))
                continue
            with self._lock:
                lost, self._untold = self._untold, 0
            if lost:
                _log.warning("%d lines of this log were lost: it was read too slowly, or not at all", lost)

    def _lose(self, lines: int) -> None:
        with self._lock:
            count = self._count_lost
            self._untold += lines
            if count is None:
                self._lost += lines
        if count is not None:
            count(lines)


class LogStream(io.TextIOBase):
    """A text file that hands what is printed to a writer: in place of `sys.stderr`, where the interpreter and libraries
    print what they do not log."""

    def __init__(self, writer: LogWriter) -> None:
        self._writer = writer

    def write(self, text: str) -> int:
        """Takes whole lines, or parts of them."""
        self._writer.add(text.encode(errors="backslashreplace"))
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """Where the lines go in the end, for processes started by this one."""
        return _STDERR


def log_handler(writer: LogWriter) -> logging.Handler:
    """What hands the records of `logging` to a writer."""
    handler = logging.StreamHandler(LogStream(writer))
    handler.setFormatter(logging.Formatter(_FORMAT))
    return handler


def log_to_stderr() -> LogWriter:
    """Lets every log of this process go to stderr, until the writer is closed; a client's malformed form is its own
    affair."""
    try:
        os.fstat(_STDERR)
    except OSError:  # it was closed: the next file that is opened would have its number, and no write to it may succeed
        closed = os.open(os.devnull, os.O_RDONLY)
        if closed != _STDERR:
            os.dup2(closed, _STDERR)
            os.close(closed)
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115 - for as long as the process
    writer = LogWriter(_write_stderr)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    logging.basicConfig(level=logging.INFO, handlers=[log_handler(writer)])
    return writer


def _write_stderr(lines: bytes) -> None:
    rest = memoryview(lines)
    while rest:
        try:
            rest = rest[os.write(_STDERR, rest) :]
        except BlockingIOError:
            select.select([], [_STDERR], [])
