"""What a database URL may be."""

from traceback import format_exception

import pytest

from modelward.errors import StoreUnavailable
from modelward.store.database import database_url


@pytest.mark.parametrize(("text", "meant"), [
    ("sqlite:///modelward.db", "sqlite+aiosqlite:///modelward.db"),
    ("sqlite+aiosqlite:////srv/modelward.db", "sqlite+aiosqlite:////srv/modelward.db"),
    ("postgresql://me@db/x", "postgresql+asyncpg://me@db/x"),
    ("postgres://me@db/x", "postgresql+asyncpg://me@db/x"),
    ("postgresql://me@db/x?sslmode=require&connection_limit=5", "postgresql+asyncpg://me@db/x?ssl=require"),
])  # fmt: skip
def test_a_url_gets_an_async_driver(text: str, meant: str) -> None:
    assert database_url(text).render_as_string(hide_password=False) == meant


@pytest.mark.parametrize(
    "text", ["", "nonsense", "mysql://me:s3cret@db/x", "postgresql://me:s3cret/x", "sqlite://", "sqlite:///:memory:"]
)
def test_another_url_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(StoreUnavailable, match="`database_url`") as error:
        database_url(text)
    assert "s3cret" not in "".join(format_exception(error.value))
    assert "\n" not in str(error.value)


def test_a_url_is_checked_without_a_connection(unused_port: int) -> None:
    database_url(f"postgresql://me@127.0.0.1:{unused_port}/x")
