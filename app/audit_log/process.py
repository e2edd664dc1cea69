"""The process of the role `sealer`: beside the stages, never in their way."""

import asyncio
from typing import Literal

from prometheus_client.registry import Collector

from app.audit_log.log import SealedLog
from app.audit_log.opening import Places, sealed_log
from app.audit_log.sealer import Sealer
from app.audit_log.sealing import SealingLimits
from app.health import answering
from app.release import release_id
from app.settings import Settings
from app.telemetry import Telemetry
from app.termination import drain_by
from app.topics import compare_topics
from schemas.topics import AUDIT_ENTRY

ROLE: Literal["sealer"] = "sealer"


class TopicMissing(Exception):  # noqa: N818 - it says what is missing
    """The broker has no topic of audit entries; the message says what to do."""


class SealerProcess:
    """Seals `audit.entry` until SIGTERM."""

    def __init__(self, settings: Settings) -> None:
        """Read the keys; nothing else is opened before `run`.

        Raises:
            AuditKeyWrong: where there is no key: a log without signatures is no log.
            ValueError: where a place is neither a folder nor a bucket.
        """
        self._settings = settings
        self._places = Places(settings)
        sealed_log(settings, self._places, 0)  # the keys are looked at now, not when the first entry comes
        self._telemetry = Telemetry(ROLE, release_id())
        self._sealer = Sealer(settings, self._telemetry, self._open, SealingLimits(settings.audit_seal_seconds))

    async def run(self, announce: int | None = None) -> int:
        """Seal until SIGTERM or SIGINT; return the exit code.

        The port on which the process answers is written to the file descriptor `announce`.

        Raises:
            aiokafka.errors.KafkaError: where the broker cannot be reached.
            OSError: where the port is taken.
            TopicMissing: where there is nothing to read.
        """
        stop = asyncio.Event()
        drain_by(stop.set, asyncio.get_running_loop())
        async with answering(self._settings, self.missing, self.metrics, announce):
            await self._look()
            await self._sealer.run(stop)
        return 0

    async def _look(self) -> None:
        """Look whether there is something to read: a subscription alone would wait for ever, and say nothing."""
        _partitions, wrong = await compare_topics(self._settings)
        if missing := [line for line in wrong if line.startswith(f"{AUDIT_ENTRY.name} ")]:
            raise TopicMissing(f"{missing[0]}. Run `quittance topics create`")

    async def missing(self) -> list[str]:
        """Return why the process is not ready, a line each."""
        return self._sealer.missing()

    async def metrics(self) -> Collector:
        """Return what Prometheus reads, brought up to now."""
        self._sealer.measure()
        self._telemetry.ready.labels(ROLE).set(not self._sealer.missing())
        return self._telemetry.registry

    def _open(self, partition: int) -> SealedLog:
        log = sealed_log(self._settings, self._places, partition)
        log.open()
        return log
