"""One bounded queue and one thread write all log lines."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest

from harness.process import eventually
from modelward.log_writer import LogStream, LogWriter, log_handler


class Reader:
    """What reads the log: it takes lines when `may_write` is set, and fails while `broken`."""

    def __init__(self) -> None:
        self.may_write = threading.Event()
        self.may_write.set()
        self.broken = False
        self.asked = threading.Event()
        self.read = b""

    def write(self, lines: bytes) -> None:
        """Takes lines."""
        self.asked.set()
        self.may_write.wait()
        if self.broken:
            raise BrokenPipeError
        self.read += lines


@pytest.fixture
def reader() -> Iterator[Reader]:
    """A reader that stalls no longer than the test."""
    made = Reader()
    yield made
    made.may_write.set()


def test_lines_are_written_in_order_without_being_asked_for(reader: Reader) -> None:
    writer = LogWriter(reader.write)
    for line in (b"1\n", b"2\n", b"3\n"):
        writer.add(line)
    assert eventually(lambda: reader.read == b"1\n2\n3\n", 30)
    writer.close()


def test_a_reader_that_stalls_holds_up_nobody_who_adds_lines(reader: Reader) -> None:
    reader.may_write.clear()
    writer, lost = LogWriter(reader.write, limit=100), list[int]()
    writer.count_losses(lost.append)
    writer.add(b"first\n")
    assert reader.asked.wait(5)
    for _ in range(1000):
        writer.add(b"0123456789\n")
    assert sum(lost) == 991
    reader.may_write.set()
    writer.close()
    assert reader.read.startswith(b"first\n" + 9 * b"0123456789\n")


def test_a_reader_that_stalls_does_not_hold_up_the_end(reader: Reader) -> None:
    reader.may_write.clear()
    writer = LogWriter(reader.write)
    writer.add(b"never read\n")
    writer.close(0.1)
    assert reader.read == b""


def test_what_is_left_is_written_at_the_end(reader: Reader) -> None:
    writer = LogWriter(reader.write)
    writer.add(b"last\n")
    writer.close()
    assert reader.read == b"last\n"


def test_lines_that_cannot_be_written_are_counted_and_later_ones_are_written(reader: Reader) -> None:
    reader.broken = True
    writer, lost = LogWriter(reader.write), list[int]()
    writer.count_losses(lost.append)
    writer.add(b"1\n")
    writer.add(b"2\n")
    assert eventually(lambda: sum(lost) == 2, 30)
    reader.broken = False
    writer.add(b"3\n")
    writer.close()
    assert reader.read == b"3\n"


def test_losses_before_anybody_counts_are_counted_once(reader: Reader) -> None:
    writer, lost = LogWriter(reader.write, limit=1), list[int]()
    writer.add(b"too long\n")
    writer.add(b"too long\n")
    writer.count_losses(lost.append)
    assert lost == [2]
    writer.close()


def test_the_log_says_how_many_of_its_lines_were_lost(reader: Reader, caplog: pytest.LogCaptureFixture) -> None:
    writer = LogWriter(reader.write, limit=4)
    writer.add(b"too long\n")
    writer.add(b"1\n")
    assert eventually(lambda: reader.read == b"1\n", 30)
    writer.close()
    assert "1 lines of this log were lost" in caplog.text


def test_records_of_logging_are_lines_with_their_level_and_logger(reader: Reader) -> None:
    writer = LogWriter(reader.write)
    log_handler(writer).handle(logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "half \ud800", None, None))
    writer.close()
    assert reader.read.endswith(b" WARNING uvicorn.error: half \\ud800\n")


def test_a_record_that_cannot_be_formatted_is_no_error_of_whoever_logs_it(reader: Reader) -> None:
    writer = LogWriter(reader.write)
    with redirect_stderr(LogStream(writer)):
        log_handler(writer).handle(logging.LogRecord("library", logging.INFO, "", 0, "%d", ("no number",), None))
    writer.close()
    assert b"Logging error" in reader.read


def test_what_the_interpreter_and_libraries_print_goes_through_the_queue(reader: Reader) -> None:
    reader.may_write.clear()
    writer = LogWriter(reader.write)
    fault = ValueError("in a thread")
    with redirect_stderr(LogStream(writer)):
        threading.__excepthook__(threading.ExceptHookArgs((ValueError, fault, None, None)))
        sys.stderr.write("printed \ud800\n")
    reader.may_write.set()
    writer.close()
    assert b"ValueError: in a thread" in reader.read
    assert reader.read.endswith(b"printed \\ud800\n")


def test_a_line_may_be_added_while_the_same_thread_adds_one(reader: Reader) -> None:
    class Line(bytes):
        def __len__(self) -> int:
            writer.add(b"inner\n")
            return super().__len__()

    writer = LogWriter(reader.write)
    adding = threading.Thread(target=writer.add, args=(Line(b"outer\n"),), daemon=True)
    adding.start()
    adding.join(30)
    assert not adding.is_alive()
    writer.close()
    assert reader.read == b"inner\nouter\n"
