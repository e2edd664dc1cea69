"""The contract of the read model is held on both databases that it can live in."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.readmodel.database import open_database

_databases = count()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database_text(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/folder/read.db"
    url: str = request.getfixturevalue("postgres_url")
    name = f"readmodel_{next(_databases)}"
    server = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with server.connect() as connection:
        await connection.execute(text(f"create database {name}"))
    await server.dispose()
    return server.url.set(drivername="postgres", database=name).render_as_string(hide_password=False)


@pytest.fixture
async def engine(database_text: str) -> AsyncIterator[AsyncEngine]:
    opened = open_database(database_text)
    yield opened
    await opened.dispose()
