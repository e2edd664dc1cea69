"""The sealed logs as the API asks of them: a tenant's own, by the partition in which its entries lie."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiokafka.partitioner import DefaultPartitioner

from app.audit_log.keys import AuditKeyWrong, log_name, trusted_keys
from app.audit_log.offline.note import VerifierKey
from app.audit_log.offline.segment import SegmentWrong, record_of
from app.audit_log.opening import Places
from app.audit_log.prover import NotSealed, Prover
from app.settings import Settings


class TenantLogs(Protocol):
    """Proves to a tenant what is sealed of it.

    Both raise NotSealed where there is nothing, and ProofWrong, PlaceUnavailable, AuditKeyWrong where nothing can be
    proven just now.
    """

    async def checkpoint(self, tenant: str) -> bytes:
        """Return the last checkpoint of the log in which the tenant's entries are."""

    async def proof(self, tenant: str, seq: int) -> bytes:
        """Return the proof of one of the tenant's entries, by its number in the log."""


class StoredLogs:
    """The logs where the settings say that they are. Each answer reads the end of the log anew."""

    def __init__(self, settings: Settings, partitions: Callable[[], Awaitable[int]]) -> None:
        """`partitions` tells how many the topic has; asked once, for they stay as they are.

        Raises:
            ValueError: where a place is neither a folder nor a bucket.
        """
        self._settings = settings
        self._places = Places(settings)
        self._ask_partitions = partitions
        self._partitions: int | None = None

    async def checkpoint(self, tenant: str) -> bytes:
        """Return the last checkpoint of the tenant's log."""
        return (await self._prover(tenant)).note

    async def proof(self, tenant: str, seq: int) -> bytes:
        """Return the proof of an entry; another tenant's is as if it were not there."""
        prover = await self._prover(tenant)
        proof = await asyncio.to_thread(prover.inclusion, seq)
        if proof.leaf is None or _tenant_of(proof.leaf) != tenant:
            raise NotSealed("no entry of this tenant has that number")
        return bytes(proof)

    async def _prover(self, tenant: str) -> Prover:
        if self._partitions is None:
            self._partitions = await self._ask_partitions()
        everywhere = list(range(self._partitions))
        partition: int = DefaultPartitioner()(tenant.encode(), everywhere, everywhere)
        return await asyncio.to_thread(Prover, self._places.home(log_name(partition)), self._keys())

    def _keys(self) -> tuple[VerifierKey, ...]:
        keys = trusted_keys(self._settings)
        if not keys:
            raise AuditKeyWrong("no key of the audit log is known here: set QUITTANCE_AUDIT_KNOWN_KEYS_FILE")
        return keys


def _tenant_of(leaf: bytes) -> str | None:
    try:
        said = json.loads(record_of(leaf)[1])
    except (SegmentWrong, ValueError):
        return None
    return said.get("tenant") if isinstance(said, dict) else None
