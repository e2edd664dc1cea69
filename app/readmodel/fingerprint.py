"""One digest over all projected rows: two projections of the same topics have the same one."""

import hashlib
import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from app.readmodel.tables import CONTENT


async def fingerprint(engine: AsyncEngine) -> str:
    """Return the SHA-256 over every projected row, in the order of the keys, whatever the database sorts by."""
    total = hashlib.sha256()
    for name, table in CONTENT.items():
        async with engine.connect() as connection:
            rows = [dict(row) for row in (await connection.execute(select(table))).mappings()]
        lines = sorted(json.dumps(row, sort_keys=True) for row in rows)
        total.update(json.dumps([name, lines]).encode())
    return total.hexdigest()
