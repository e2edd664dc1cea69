"""The ledger role's tables, and the ledger itself: what the stages are given as their memory."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from aiokafka.errors import KafkaError

from app.delivery import DELIVERY_DEADLINE_SECONDS, end_process
from app.ledger import read_tail
from app.settings import Settings
from app.stream.application import StreamApplication
from app.stream.table import ConfirmedTable
from schemas.events import InvoiceNormalized
from tables.declared import DOCUMENTS, HELD, INVOICES, PAYMENTS, POSITIONS, SETTLEMENTS, TABLES
from tables.documents import DocumentFile
from tables.invoices import InvoiceRecord
from tables.keyed import Keyed
from tables.payments import IssuedCommand, LedgerPosition, Payments
from tables.settlements import Settlements

log = logging.getLogger(__name__)

# Nothing may be paid before the ledger is read; a broker that cannot be read from for so long needs a new process.
LEDGER_DEADLINE_SECONDS = 60.0
RETRY_PAUSE_SECONDS = 1.0


class LedgerMemory:
    """Typed views of the changelog-backed tables, and the payments of each partition once its tail is read."""

    def __init__(self, app: StreamApplication, settings: Settings) -> None:
        """Declares the tables; the app must not have started."""
        self._settings = settings
        self._tables: dict[str, ConfirmedTable] = {
            declared.name: app.Table(declared.name, key_type=str, help=declared.meaning) for declared in TABLES
        }
        self.documents = Keyed(self._mapping(DOCUMENTS.name), DocumentFile)
        self.invoices = Keyed(self._mapping(INVOICES.name), InvoiceRecord)
        self.held = Keyed(self._mapping(HELD.name), InvoiceNormalized)
        self.settlements = Settlements(self._mapping(SETTLEMENTS.name))
        positions = Keyed(self._mapping(POSITIONS.name), LedgerPosition)
        self._payments = Payments(Keyed(self._mapping(PAYMENTS.name), IssuedCommand), positions)
        self._tails: dict[int, asyncio.Task[list[IssuedCommand]]] = {}
        self._known: set[int] = set()

    def _mapping(self, name: str) -> Any:
        return self._tables[name]

    async def confirmed(self) -> None:
        """Wait until the broker has every change made so far.

        Raises:
            TimeoutError: it did not take them; an idempotent producer tries for ever, and a stage may not.
            Exception: it refused one. Either ends the process, for its memory is ahead of the changelogs.
        """
        async with asyncio.timeout(DELIVERY_DEADLINE_SECONDS):
            for table in self._tables.values():
                await table.confirmed()

    def assigned(self, partitions: Iterable[int]) -> None:
        """Read the tails of these partitions: they may have been another worker's until now. Tables are recovered."""
        self.revoked()
        for partition in partitions:
            self._tails[partition] = asyncio.create_task(self._tail(partition))

    def revoked(self) -> None:
        """Forget what was read: the partitions may be another worker's now."""
        for tail in self._tails.values():
            tail.cancel()
        self._tails.clear()
        self._known.clear()
        self._payments.forget_ahead()
        self.settlements.recount()

    @property
    def is_read(self) -> bool:
        """Tell whether the tail of every partition of ours has been read."""
        return all(tail.done() for tail in self._tails.values())

    async def payments(self, partition: int) -> Payments:
        """Return the commands issued, once the partition's tail has been read and written down.

        Called within an event of that partition: the table's changes go where the event came from.
        """
        if partition in self._known and self._payments.is_far_ahead(partition):
            log.warning("somebody else has written to partition %d of the ledger: it is read again", partition)
            self._known.discard(partition)
            del self._tails[partition]
        if partition not in self._known:
            if partition not in self._tails:
                self._tails[partition] = asyncio.create_task(self._tail(partition))
            tail = await asyncio.shield(self._tails[partition])
            if partition not in self._known:
                self._payments.catch_up(partition, tail)
                self._known.add(partition)
        return self._payments

    async def _tail(self, partition: int) -> list[IssuedCommand]:
        try:
            async with asyncio.timeout(LEDGER_DEADLINE_SECONDS):
                while True:
                    try:
                        return await read_tail(self._settings, partition, self._payments.position(partition))
                    except KafkaError as failed:
                        log.warning("the ledger's partition %d cannot be read just now: %r", partition, failed)
                        await asyncio.sleep(RETRY_PAUSE_SECONDS)
        except TimeoutError:
            end_process(f"the ledger's partition {partition} was not read in {LEDGER_DEADLINE_SECONDS:.0f} s")
        except Exception as surprise:
            log.critical("nobody expected this", exc_info=surprise)
            end_process(f"the ledger's partition {partition} cannot be read: {type(surprise).__name__}")
