"""The database URL, in the words of an async driver."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from modelward.errors import StoreUnavailable

DEFAULT_URL = "sqlite+aiosqlite:///modelward.db"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
_POOL_OPTIONS = {"connection_limit", "pool_timeout", "connect_timeout", "pgbouncer"}


def check_url(text: str) -> None:
    """Refuses what `open_store` could not use, without a connection. Raises StoreUnavailable as `database_url` does."""
    database_url(text)


def database_url(text: str) -> URL:
    """`sqlite:///file` or `postgresql://...`, with `sslmode` as psql spells it; options that size another program's
    pool are left out. Raises StoreUnavailable, which names no part of the URL: it may hold a password."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the driver's own words may hold the password
        raise StoreUnavailable("`database_url` is no URL: write `postgresql://user@host/name`") from None
    family = url.drivername.partition("+")[0]
    if family not in _DRIVERS:
        raise StoreUnavailable(f"`database_url` names `{family}`: write `sqlite:///file` or `postgresql://...`")
    url = url.set(drivername=_DRIVERS[family])
    return _sqlite(url) if family == "sqlite" else _postgres(url)


def _sqlite(url: URL) -> URL:
    if url.database in (None, "", ":memory:"):
        raise StoreUnavailable("`database_url` names no file: write `sqlite:///modelward.db`")
    return url


def _postgres(url: URL) -> URL:
    query = {name: value for name, value in url.query.items() if name not in _POOL_OPTIONS}
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(query=query)
