"""Opens the database of the read model: SQLite in a file, or PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}
# A second writer waits so long for the first one's batch, which takes milliseconds.
SQLITE_BUSY_TIMEOUT_MS = 15_000
# A PostgreSQL that is there answers at once; a batch of the projection takes it less than a second.
CONNECT_TIMEOUT_SECONDS = 10
COMMAND_TIMEOUT_SECONDS = 30
# The API reads, one projection writes; more connections than this would only queue inside the database.
POOL_SIZE = 10


class UnknownDatabase(Exception):  # noqa: N818 - it names what was given
    """The URL names no database that the read model can live in."""


def database_url(text: str) -> URL:
    """Return the SQLAlchemy URL with our drivers; `postgres://` and libpq's `sslmode` are understood.

    Raises:
        UnknownDatabase: where it is neither SQLite nor PostgreSQL.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise UnknownDatabase("DATABASE_URL is no database URL") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise UnknownDatabase(f"DATABASE_URL names {url.drivername}; sqlite and postgresql are known")
    query = {("ssl" if name == "sslmode" else name): value for name, value in url.query.items()}
    return url.set(drivername=driver, query=query)


def open_database(text: str) -> AsyncEngine:
    """Return the engine of the database; the folder of a SQLite file is made where it is missing."""
    url = database_url(text)
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    bounds = {"timeout": CONNECT_TIMEOUT_SECONDS, "command_timeout": COMMAND_TIMEOUT_SECONDS}
    return create_async_engine(url, pool_size=POOL_SIZE, max_overflow=0, pool_pre_ping=True, connect_args=bounds)


def _open_sqlite(url: URL) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _tune_sqlite)
    return engine


def _tune_sqlite(connection: Any, _record: Any) -> None:
    # WAL lets readers go on while the projection writes; FULL keeps the offsets with the rows over a power cut.
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_TIMEOUT_MS}")
    cursor.close()
