"""Which file a SQLite connection is open on: one that was removed or replaced would go on answering for ever."""

from pathlib import Path
from typing import Any

from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

FileId = tuple[int, int]


def file_id(path: Path) -> FileId:
    """The identity of the file at `path` now. Raises OSError."""
    status = path.stat()
    return status.st_dev, status.st_ino


class SameFile:
    """A pool's listener that gives out no connection to another file than the one at `path` now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def do_connect(self, *_: Any) -> None:
        """Fail where there is no file, before the driver starts a thread to find that out. Raises OSError."""
        file_id(self._path)

    def connect(self, _: Any, entry: ConnectionPoolEntry) -> None:
        """Remember the file of a new connection."""
        entry.info["file"] = file_id(self._path)

    def checkout(self, _: Any, entry: ConnectionPoolEntry, __: Any) -> None:
        """Make the pool connect anew where the file is no longer that one."""
        try:
            same = entry.info["file"] == file_id(self._path)
        except OSError:
            same = False
        if not same:
            raise DisconnectionError("the database file was removed or replaced")
