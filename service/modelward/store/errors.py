"""What a database that cannot be asked raises, in one word (E4)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from modelward.errors import StoreUnavailable

UNREADABLE = (SQLAlchemyError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@contextmanager
def unavailable() -> Iterator[None]:
    """Turn every failure of the database, and every record that is no record, into StoreUnavailable.

    The message names the kind of failure only: a driver's own words may quote the statement and its values.
    """
    try:
        yield
    except (*UNREADABLE, ValueError) as error:
        raise StoreUnavailable(f"the database cannot be used: {type(error).__name__}; check `database_url`") from error
