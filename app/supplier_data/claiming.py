"""Puts each document under its supplier's key as soon as the supplier is recognised.

It runs in the API's process, as a consumer group of its own: the topics forget after two weeks whose a document was, so
somebody has to take it down before. What has not been taken down when a key is destroyed, `erase` takes down itself.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from app.documents import DocumentErased, DocumentFailure, DocumentKeyMissing, Keys
from app.dossier import exhibit_of, read_of
from app.readmodel.record import Read
from app.supplier_data.recognised import NAMING, recognised

log = logging.getLogger(__name__)

GROUP = "quittance-erasure"
# While the broker or the place of the keys is away; nothing is lost by waiting.
RETRY_PAUSE_SECONDS = 5.0
POLL_MS = 1_000
BATCH_RECORDS_MAX = 500


class Claiming:
    """Follows the records that name suppliers, and commits what it has dealt with."""

    def __init__(self, arguments: dict[str, Any], keys: Keys) -> None:
        """Take the arguments of an aiokafka client (app/kafka_client.py), and the place of the keys."""
        self._arguments = arguments
        self._keys = keys

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self._follow()
            except (KafkaError, DocumentFailure) as failed:
                log.warning("documents are not put under their suppliers' keys just now: %s", failed)
            await asyncio.sleep(RETRY_PAUSE_SECONDS)

    async def _follow(self) -> None:
        consumer = AIOKafkaConsumer(
            *(topic.name for topic in NAMING),
            **self._arguments,
            group_id=GROUP,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            while True:
                batches = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH_RECORDS_MAX)
                records = [record for batch in batches.values() for record in batch]
                if records:
                    await asyncio.to_thread(self.take, [read_of(record) for record in records])
                    await consumer.commit()
        finally:
            await consumer.stop()

    def take(self, reads: Sequence[Read]) -> None:
        """Put the documents that records name under their suppliers' keys. Blocks.

        Raises:
            DocumentsUnavailable: the place of the keys does not answer; the same records may be given again.
        """
        for read in reads:
            exhibit = exhibit_of(read)
            claim = recognised(exhibit)
            if claim is None or exhibit.document_id is None:
                continue
            try:
                self._keys.claim(exhibit.document_id.removeprefix("sha256:"), claim)
            except DocumentErased:
                log.info("%s was erased before", exhibit.document_id)
            except DocumentKeyMissing:
                log.warning("the key of %s is not where keys lie: nobody can read the document", exhibit.document_id)
