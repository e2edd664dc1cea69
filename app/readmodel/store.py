"""Writes the projection: rows and offsets in one transaction, one writer at a time."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.readmodel.batch import Folded, Offsets, Skipped, fold, skip, unseen
from app.readmodel.change import RowKey, Rows, TableName, keys_of, merge
from app.readmodel.record import Read
from app.readmodel.refusal import is_of_record
from app.readmodel.tables import CONTENT, PROJECTION_VERSION, position, projected, projection, remembered
from app.readmodel.uncut import uncut

log = logging.getLogger(__name__)

_ONLY_ROW = 1
# Processes that start at once may all try to create the tables; those that lose find them at their next try.
_CREATE_ATTEMPTS = 10
_CREATE_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Applied:
    """What one transaction did. `documents` are the (tenant, document id) pairs whose rows it touched."""

    applied: int = 0
    skipped: tuple[Skipped, ...] = ()
    documents: frozenset[tuple[str, ...]] = frozenset()

    def __add__(self, other: "Applied") -> "Applied":
        return Applied(self.applied + other.applied, self.skipped + other.skipped, self.documents | other.documents)


class ProjectionStore:
    """The tables of the read model, as the projection writes them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @uncut
    async def create(self) -> None:
        """Create the tables, and drop a projection that another version of this program made."""
        for attempt in range(1, _CREATE_ATTEMPTS + 1):
            try:
                await self._create_once()
            except (IntegrityError, OperationalError, ProgrammingError) as lost:
                if attempt == _CREATE_ATTEMPTS:
                    raise
                log.info("the tables of the read model are not there yet, once more: %s", lost.orig)
                await asyncio.sleep(_CREATE_PAUSE_SECONDS * attempt)
            else:
                return

    async def _create_once(self) -> None:
        async with self._engine.begin() as connection:
            await connection.run_sync(remembered.create_all)
            row = {"id": _ONLY_ROW, "version": PROJECTION_VERSION, "batches": 0}
            await connection.execute(_insert(connection, projection).values(row).on_conflict_do_nothing())
            known = (await connection.execute(select(projection.c.version))).scalar_one()
            if known != PROJECTION_VERSION:
                log.warning("projection of version %s is built anew as version %s", known, PROJECTION_VERSION)
                await _seize(connection)
                await connection.run_sync(projected.drop_all)
                await connection.execute(update(projection).values(version=PROJECTION_VERSION, cluster_id=None))
            await connection.run_sync(projected.create_all)

    @uncut
    async def belong_to(self, cluster_id: str | None) -> bool:
        """Tie the projection to a Kafka cluster; return False, and empty it, where it came from another one."""
        async with self._engine.begin() as connection:
            await _seize(connection)
            known = (await connection.execute(select(projection.c.cluster_id))).scalar_one()
            if known == cluster_id:
                return True
            await connection.execute(update(projection).values(cluster_id=cluster_id))
            if known is not None:
                await _empty(connection)
            return known is None

    @uncut
    async def empty(self) -> None:
        """Forget every projected row and offset; the projection then begins at the first record of each topic."""
        async with self._engine.begin() as connection:
            await _seize(connection)
            await _empty(connection)

    @uncut
    async def offsets(self) -> dict[tuple[str, int], int]:
        """Return the next offset to read of each partition that was read before."""
        async with self._engine.connect() as connection:
            return await _offsets(connection)

    @uncut
    async def move(self, offsets: Offsets) -> None:
        """Set where partitions are read on from: the broker no longer has what lay before."""
        async with self._engine.begin() as connection:
            await _seize(connection)
            await _save_offsets(connection, offsets)

    @uncut
    async def apply(self, batch: Sequence[Read], begun_at: Offsets) -> Applied:
        """Write what the batch says and where it ends, or nothing at all.

        A record that the database refuses is found by halving the batch, and passed over.

        Raises:
            Gap: where the database stands before the batch (it was restored, or emptied by another process).
            sqlalchemy.exc.DBAPIError: where the database cannot be reached, is locked for too long, or ends meanwhile.
        """
        try:
            return await self._apply_whole(batch, begun_at)
        except DBAPIError as refused:
            if not is_of_record(refused):
                raise
            if len(batch) == 1:
                return await self._pass_over(batch[0], begun_at, str(refused.orig)[:200])
        middle = len(batch) // 2
        first = await self.apply(batch[:middle], begun_at)
        return first + await self.apply(batch[middle:], begun_at)

    async def _apply_whole(self, batch: Sequence[Read], begun_at: Offsets) -> Applied:
        async with self._engine.begin() as connection:
            await _seize(connection)
            folded = fold(unseen(batch, begun_at, await _offsets(connection)))
            await _write(connection, folded)
        documents = frozenset(key for table, key in keys_of(folded.effects) if table == "document")
        return Applied(folded.applied, folded.skipped, documents)

    async def _pass_over(self, read: Read, begun_at: Offsets, detail: str) -> Applied:
        async with self._engine.begin() as connection:
            await _seize(connection)
            if not unseen([read], begun_at, await _offsets(connection)):
                return Applied()
            folded = skip(read, "DATABASE-REFUSED", detail)
            await _write(connection, folded)
        return Applied(0, folded.skipped)


async def _seize(connection: AsyncConnection) -> None:
    await connection.execute(update(projection).values(batches=projection.c.batches + 1))


async def _empty(connection: AsyncConnection) -> None:
    for table in (*CONTENT.values(), position):
        await connection.execute(delete(table))


async def _offsets(connection: AsyncConnection) -> dict[tuple[str, int], int]:
    rows = await connection.execute(select(position.c.topic, position.c.partition, position.c.next_offset))
    return {(topic, partition): next_offset for topic, partition, next_offset in rows}


async def _write(connection: AsyncConnection, folded: Folded) -> None:
    standing = await _load(connection, keys_of(folded.effects))
    await _save(connection, merge(standing, folded.effects))
    await _save_offsets(connection, folded.next_offsets)


async def _load(connection: AsyncConnection, keys: Iterable[RowKey]) -> Rows:
    found: dict[RowKey, dict[str, Any] | None] = dict.fromkeys(keys)
    for table, wanted in _by_table(found):
        columns = list(CONTENT[table].primary_key)
        query = select(CONTENT[table]).where(tuple_(*columns).in_(wanted))
        for row in (await connection.execute(query)).mappings():
            found[table, tuple(row[column.name] for column in columns)] = dict(row)
    return found


async def _save(connection: AsyncConnection, rows: Rows) -> None:
    for table, keys in _by_table(rows):
        await _remove(connection, table, [key for key in keys if rows[table, key] is None])
        await _upsert(connection, table, [(key, dict(row)) for key in keys if (row := rows[table, key]) is not None])


async def _remove(connection: AsyncConnection, table: TableName, keys: Sequence[tuple[str, ...]]) -> None:
    if keys:
        columns = list(CONTENT[table].primary_key)
        await connection.execute(delete(CONTENT[table]).where(tuple_(*columns).in_(keys)))


async def _upsert(
    connection: AsyncConnection, table: TableName, rows: Sequence[tuple[tuple[str, ...], dict[str, Any]]]
) -> None:
    if not rows:
        return
    target = CONTENT[table]
    key_names = [column.name for column in target.primary_key]
    absent = dict.fromkeys(target.columns.keys())
    full = [{**absent, **row, **dict(zip(key_names, key, strict=True))} for key, row in rows]
    statement = _insert(connection, target)
    changed = {column.name: statement.excluded[column.name] for column in target.columns if not column.primary_key}
    await connection.execute(statement.on_conflict_do_update(index_elements=key_names, set_=changed), full)


async def _save_offsets(connection: AsyncConnection, offsets: Offsets) -> None:
    if not offsets:
        return
    rows = [{"topic": topic, "partition": number, "next_offset": offset} for (topic, number), offset in offsets.items()]
    statement = _insert(connection, position)
    changed = {"next_offset": statement.excluded.next_offset}
    await connection.execute(statement.on_conflict_do_update(index_elements=["topic", "partition"], set_=changed), rows)


def _insert(connection: AsyncConnection, table: Any) -> Any:
    # Both dialects spell the upsert in the same way; the generic insert has none.
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def _by_table(keys: Iterable[RowKey]) -> list[tuple[TableName, list[tuple[str, ...]]]]:
    grouped: dict[TableName, list[tuple[str, ...]]] = {}
    for table, key in keys:
        grouped.setdefault(table, []).append(key)
    return list(grouped.items())
