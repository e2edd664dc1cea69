"""The contract of the projection on SQLite and PostgreSQL: rows and offsets together, exact after any crash."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.readmodel import tables
from app.readmodel.batch import Gap
from app.readmodel.database import UnknownDatabase, database_url, open_database
from app.readmodel.fingerprint import fingerprint
from app.readmodel.queries import ReadModel
from app.readmodel.record import Read
from app.readmodel.refusal import is_of_record
from app.readmodel.store import Applied, ProjectionStore
from schemas import topics
from schemas.identifiers import document_id
from tests.app.readmodel.events import DOCUMENT, audit, one_life, read, received, status, supplier_changed


class Crash(Exception):  # noqa: N818 - it stands for the end of a process
    """The process ends here."""


async def created(engine: AsyncEngine) -> ProjectionStore:
    store = ProjectionStore(engine)
    await store.create()
    return store


def follow(records: Sequence[Read], stored: dict[tuple[str, int], int], size: int) -> list[list[Read]]:
    """Return the batches that a consumer would read from the stored offsets on."""
    left = [one for one in records if one.offset >= stored.get((one.topic, one.partition), 0)]
    return [left[start : start + size] for start in range(0, len(left), size)]


async def project(store: ProjectionStore, records: Sequence[Read], size: int = 500) -> Applied:
    """Apply the records as a consumer does that begins at the stored offsets."""
    total, stored = Applied(), await store.offsets()
    for batch in follow(records, stored, size):
        total += await store.apply(batch, {place: stored.get(place, 0) for place in places(batch)})
        stored |= {(one.topic, one.partition): one.offset + 1 for one in batch}
    return total


def places(batch: Sequence[Read]) -> set[tuple[str, int]]:
    return {(one.topic, one.partition) for one in batch}


async def test_a_life_becomes_rows(engine: AsyncEngine) -> None:
    store = await created(engine)
    done = await project(store, one_life())
    assert (done.applied, done.skipped) == (len(one_life()), ())
    assert done.documents == {("default", DOCUMENT)}
    document = await ReadModel(engine).document("default", DOCUMENT)
    assert document is not None
    assert (document.state, document.final) == ("settled", True)
    assert document.invoice is not None
    assert document.invoice.amount_due == "120.00"


@pytest.mark.parametrize("size", [1, 2, 5, 500])
async def test_batches_of_any_size_give_the_same_rows(engine: AsyncEngine, size: int, tmp_path: Path) -> None:
    store = await created(engine)
    await project(store, one_life(), size)
    other = open_database(f"sqlite:///{tmp_path}/other.db")
    await project(await created(other), one_life())
    assert await fingerprint(engine) == await fingerprint(other)
    await other.dispose()


async def test_a_replay_from_zero_changes_nothing(engine: AsyncEngine) -> None:
    store = await created(engine)
    await project(store, one_life())
    before, offsets = await fingerprint(engine), await store.offsets()
    again = await store.apply(one_life(), dict.fromkeys(places(one_life()), 0))
    assert again.applied == 0
    assert (await fingerprint(engine), await store.offsets()) == (before, offsets)


@pytest.mark.parametrize("statement", range(0, 40, 4))
async def test_a_crash_at_any_statement_loses_nothing_and_doubles_nothing(
    engine: AsyncEngine, statement: int, tmp_path: Path
) -> None:
    store = await created(engine)
    calls = iter(range(1_000))

    def crash(_connection: Connection, *_: Any) -> None:
        if next(calls) == statement:
            raise Crash

    event.listen(engine.sync_engine, "before_cursor_execute", crash)
    with contextlib.suppress(Crash):
        await project(store, one_life(), 4)
    event.remove(engine.sync_engine, "before_cursor_execute", crash)
    await project(ProjectionStore(engine), one_life(), 4)
    whole = open_database(f"sqlite:///{tmp_path}/whole.db")
    await project(await created(whole), one_life())
    assert await fingerprint(engine) == await fingerprint(whole)
    await whole.dispose()


async def test_two_processes_may_project_into_one_database(engine: AsyncEngine, tmp_path: Path) -> None:
    records = [
        one
        for number in range(60)
        for one in (
            read(topics.DOCUMENT_RECEIVED, received(document_id(b"%d" % (number % 20))), number),
            read(topics.DOCUMENT_STATUS, status("extracted", document_id(b"%d" % (number % 20))), number),
        )
    ]
    await created(engine)

    async def run(seed: int) -> int:
        store, shuffler, done = ProjectionStore(engine), Random(seed), 0
        while follow(records, await store.offsets(), 1):
            done += (await project(store, records, shuffler.randint(1, 9))).applied
        return done

    assert sum(await asyncio.gather(run(1), run(2))) == len(records)
    whole = open_database(f"sqlite:///{tmp_path}/whole.db")
    await project(await created(whole), records)
    assert await fingerprint(engine) == await fingerprint(whole)
    await whole.dispose()


async def test_a_cancelled_batch_is_whole_and_leaves_no_lock_behind(engine: AsyncEngine) -> None:
    store, shuffler = await created(engine), Random(7)

    async def work(begin: int) -> None:
        for offset in range(begin, begin + 1_000):
            one = read(topics.DOCUMENT_STATUS, status("held", document_id(b"%d" % offset)), offset)
            await store.apply([one], {("document.status", 0): offset})

    for _ in range(40):
        task = asyncio.create_task(work((await store.offsets()).get(("document.status", 0), 0)))
        await asyncio.sleep(0.005 + shuffler.random() * 0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await store.move({})
    written = (await store.offsets()).get(("document.status", 0), 0)
    assert len((await ReadModel(engine).documents("default", limit=100_000)).items) == written


async def test_a_batch_after_a_hole_is_refused_and_writes_nothing(engine: AsyncEngine) -> None:
    store = await created(engine)
    with pytest.raises(Gap):
        await store.apply([read(topics.DOCUMENT_STATUS, status("held"), 5)], {("document.status", 0): 5})
    assert await store.offsets() == {}


async def test_where_the_broker_has_lost_the_beginning_the_offset_is_moved(engine: AsyncEngine) -> None:
    store = await created(engine)
    await store.move({("document.status", 0): 5})
    await store.apply([read(topics.DOCUMENT_STATUS, status("held"), 5)], {("document.status", 0): 5})
    assert await store.offsets() == {("document.status", 0): 6}


async def test_a_record_that_the_database_refuses_does_not_stop_the_others(engine: AsyncEngine) -> None:
    store = await created(engine)
    poison = document_id(b"poison")

    refusal = {
        "postgresql": f"alter table document add constraint taboo check (document_id <> '{poison}')",
        "sqlite": f"create trigger taboo before insert on document when new.document_id = '{poison}' "
        "begin select raise(abort, 'taboo'); end",
    }
    async with engine.begin() as connection:
        await connection.execute(text(refusal[engine.dialect.name]))
    records = [read(topics.DOCUMENT_STATUS, status("held", document_id(b"%d" % n)), n) for n in range(7)]
    records[3] = read(topics.DOCUMENT_STATUS, status("held", poison), 3)
    done = await project(store, records)
    assert done.applied == 6
    assert [one.reason for one in done.skipped] == ["DATABASE-REFUSED"]
    assert await store.offsets() == {("document.status", 0): 7}


ON_POSTGRESQL = pytest.mark.parametrize(
    "database_text", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@ON_POSTGRESQL
@pytest.mark.parametrize("trouble", ["40001", "40P01", "53100", "57014", "57P01"])
async def test_a_record_is_not_lost_where_the_database_has_a_trouble_of_its_own(
    engine: AsyncEngine, trouble: str
) -> None:
    store, records = await created(engine), [read(topics.DOCUMENT_STATUS, status("held"), 0)]
    fault = f"begin raise exception 'trouble' using errcode = '{trouble}'; end"
    async with engine.begin() as connection:
        await connection.execute(text(f"create function fail() returns trigger language plpgsql as $${fault}$$"))
        await connection.execute(
            text("create trigger trouble before insert on document for each row execute function fail()")
        )
    with pytest.raises(DBAPIError):
        await project(store, records)
    assert await store.offsets() == {}
    async with engine.begin() as connection:
        await connection.execute(text("drop trigger trouble on document"))
    done = await project(store, records)
    assert (done.applied, done.skipped) == (1, ())


@ON_POSTGRESQL
async def test_a_value_that_the_driver_refuses_is_the_records_fault(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError) as refused:
            await connection.execute(text("select cast(:number as int)"), {"number": 2**40})
    assert is_of_record(refused.value)


async def test_a_tombstone_removes_the_row(engine: AsyncEngine) -> None:
    store = await created(engine)
    stated = read(topics.SUPPLIER_CHANGED, supplier_changed(), 0, key="acme")
    await project(store, [stated])
    assert await ReadModel(engine).supplier("default", "acme") is not None
    await project(store, [stated, Read(topics.SUPPLIER_CHANGED.name, 0, 1, None, b"acme")])
    assert await ReadModel(engine).supplier("default", "acme") is None


async def test_a_projection_of_another_version_is_built_anew(engine: AsyncEngine) -> None:
    store = await created(engine)
    await project(store, one_life())
    async with engine.begin() as connection:
        await connection.execute(update(tables.projection).values(version=0))
    await store.create()
    assert await store.offsets() == {}
    assert await ReadModel(engine).document("default", DOCUMENT) is None
    assert (await project(store, one_life())).applied == len(one_life())


async def test_a_projection_of_another_cluster_is_built_anew(engine: AsyncEngine) -> None:
    store = await created(engine)
    assert await store.belong_to("cluster-a")
    await project(store, one_life())
    assert await store.belong_to("cluster-a")
    assert await store.offsets() != {}
    assert not await store.belong_to("cluster-b")
    assert await store.offsets() == {}


async def test_the_tables_may_be_created_by_several_processes_at_once(engine: AsyncEngine) -> None:
    await asyncio.gather(*(ProjectionStore(engine).create() for _ in range(3)))
    assert (await project(ProjectionStore(engine), one_life())).applied == len(one_life())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+asyncpg://u:p@h/d?ssl=require"),
        ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
        ("sqlite:///./var/read.db", "sqlite+aiosqlite:///./var/read.db"),
    ],
)
def test_urls_get_our_drivers(given: str, expected: str) -> None:
    assert database_url(given).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("given", ["mysql://h/d", "nonsense", ""])
def test_other_databases_are_refused(given: str) -> None:
    with pytest.raises(UnknownDatabase):
        database_url(given)


async def test_audit_entries_are_kept_once(engine: AsyncEngine) -> None:
    store = await created(engine)
    await project(store, [read(topics.AUDIT_ENTRY, audit("a1", outcome="hold"), 0)])
    await project(store, [read(topics.AUDIT_ENTRY, audit("a1", outcome="hold"), offset) for offset in (0, 1)])
    await project(store, [read(topics.DOCUMENT_STATUS, status("held"), 0)])
    document = await ReadModel(engine).document("default", DOCUMENT)
    assert document is not None
    assert len(await ReadModel(engine).audit(document)) == 1
