"""R7, disk full: of the broker, of the reader's machine. The store's own is in tests/documents/test_folder.py."""

import asyncio
from pathlib import Path

import pytest

from app.delivery import Delivery
from app.extraction import READER
from app.local.kafka import Broker
from app.local.samples import load_set
from app.sandbox import Sandbox
from tests.faults.small_disk import small_disk
from tests.faults.writing import Ended, delivering, make_topic, record, values

DEADLINE_SECONDS = 6.0
RECORD_BYTES = 500_000
RECORDS_MAX = 400


@pytest.mark.kafka
@pytest.mark.timeout(240)
async def test_a_broker_whose_disk_is_full_confirms_nothing_that_it_does_not_keep(tmp_path: Path) -> None:
    """The writer ends (its events are read again); when there is room, all that was confirmed stands there, once."""
    with small_disk(tmp_path / "disk", 64) as disk:
        broker = Broker(disk.folder)
        bootstrap = await asyncio.to_thread(broker.start)
        confirmed: list[bytes] = []
        try:
            await make_topic(bootstrap, "full")
            async with delivering(bootstrap, DEADLINE_SECONDS) as delivery:
                with pytest.raises(Ended, match="record for full"):
                    await write_on(delivery, "full", confirmed)
        finally:
            await asyncio.to_thread(broker.stop, 5.0)
        assert 10 < len(confirmed) < RECORDS_MAX
        disk.grow(512)
        try:
            assert await asyncio.to_thread(broker.start) == bootstrap
            kept = await values(bootstrap, "full")
            # the one that was under way may have been kept: it was never confirmed, and its cause is read again
            assert kept[: len(confirmed)] == confirmed
            assert len(kept) <= len(confirmed) + 1
            async with delivering(bootstrap, DEADLINE_SECONDS) as delivery:
                assert (await delivery.deliver(record("full", b"goes on"))).offset == len(kept)
        finally:
            await asyncio.to_thread(broker.stop)


async def write_on(delivery: Delivery, topic: str, confirmed: list[bytes]) -> None:
    for number in range(RECORDS_MAX):
        value = b"%d " % number + bytes(RECORD_BYTES)
        await delivery.deliver(record(topic, value))
        confirmed.append(value)


async def test_reading_needs_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader may write nothing anyway (RLIMIT_FSIZE 0): a machine without a free byte reads as before."""
    with small_disk(tmp_path / "tmp", 1) as disk:
        disk.fill()
        monkeypatch.setenv("TMPDIR", str(disk.folder))
        monkeypatch.chdir(disk.folder)
        (sample,) = load_set(1).samples
        async with Sandbox(READER, processes=1) as sandbox:
            assert isinstance(await sandbox.read(sample.content), bytes)
