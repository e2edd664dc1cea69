"""A real Prometheus over a real stack: silent while all is well, and each trouble rings its own bell.

The rules are those of deploy/alerts.yml, in a twentieth of the time (tests/deploy/shortened.py).
"""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from aiokafka import AIOKafkaProducer

from app import clock
from app.local.ports import LOOPBACK
from app.local.samples import SampleSet, debtor_environment, load_set
from app.local.stack import Stack
from app.local.watch import Watch
from app.publishing import KafkaPublisher
from schemas.events import DocumentState, DocumentStatus
from schemas.identifiers import document_id
from schemas.topics import DOCUMENT_RECEIVED, DOCUMENT_STATUS
from tests.system.cluster import Cluster
from tests.system.poison import BAD_IN_A_ROW, ended, part
from tests.system.processes import paused, process_of
from tests.system.prometheus import Prometheus, prometheus

# What must be silent while all is well: everything that a person would be woken or written to for.
SCENARIOS = (
    "QuittanceGone",
    "QuittanceNotReady",
    "QuittanceUnreadOld",
    "QuittanceEventHangs",
    "QuittanceDocumentStuck",
    "QuittancePaymentUnanswered",
    "QuittanceDeadLetters",
    "QuittanceStageStopped",
    "QuittanceCommandsLate",
    "QuittanceEventsFail",
    "QuittanceApiFails",
    "QuittanceRecoveryStandsStill",
    "QuittanceAuditBehind",
)
GOOD = 12
# Every query of these must have an answer once documents have gone through: what is not there cannot ring.
MEASURED = (
    'quittance_events_total{stage="payment"}',
    "quittance_event_to_command_seconds_count",
    "quittance_event_to_decision_seconds_count",
    "quittance_commands_total",
    'quittance_consumer_lag_records{group="quittance-ledger"}',
    'quittance_oldest_unread_seconds{group="quittance-reader"}',
    "quittance_documents_oldest_seconds",
    'quittance_rss_bytes{part="children"} > 0',
    "quittance_table_recovery_remaining == 0",
    "quittance_anomalies == 0",
    "quittance:events:rate5m",
    "quittance:unread:records == 0",
    'quittance:unread:records{group="quittance-sealer"} == 0',
    "max(quittance_audit_entries_behind) == 0",
)

pytestmark = [pytest.mark.system, pytest.mark.kafka, pytest.mark.timeout(900)]


def port_of_sealer(stack: Stack) -> str:
    return psutil.Process(process_of(stack, "sealer")).environ()["QUITTANCE_METRICS_PORT"]


async def test_each_trouble_rings_its_own_bell_and_a_good_day_none(tmp_path: Path) -> None:
    samples = load_set(GOOD + 2, seed=7)
    async with Stack(tmp_path, debtor_environment(samples.debtor), tell=lambda _line: None) as stack:
        cluster = Cluster(stack.settings.kafka_bootstrap_servers, tmp_path, samples)
        await cluster.import_suppliers()
        targets = {
            "worker": f"{LOOPBACK}:{stack.settings.metrics_port}",
            "api": f"{LOOPBACK}:{stack.settings.api_port}",
            "sealer": f"{LOOPBACK}:{port_of_sealer(stack)}",
        }
        async with prometheus(tmp_path / "prometheus", targets) as asked:
            await a_good_day(asked, cluster, part(samples, 0, GOOD))
            await a_worker_that_is_stopped(asked, cluster, stack, part(samples, GOOD, GOOD + 1))
            await a_broker_that_does_not_answer(asked, stack)
            await an_audit_log_that_was_changed(asked, cluster, stack, part(samples, GOOD + 1, GOOD + 2))
            await documents_that_stand_still(asked, cluster)
            await a_flood_of_poison(asked, cluster)


async def a_good_day(asked: Prometheus, cluster: Cluster, good: SampleSet) -> None:
    watch = Watch(cluster.settings)
    watching = asyncio.create_task(watch.run())
    async with cluster.sending() as send:
        for sample in good.samples:
            await send(sample)
    await ended(watch, good)
    watching.cancel()
    assert good.complaints(watch.seen.outcomes()) == []
    for expression in MEASURED:
        await asked.answers(expression)
    await asked.silent(*SCENARIOS)


async def a_worker_that_is_stopped(asked: Prometheus, cluster: Cluster, stack: Stack, more: SampleSet) -> None:
    """Its last page says that all is well; that it does not answer, and that nobody reads, is seen from outside."""
    with paused(process_of(stack, "worker")):
        async with cluster.sending() as send:
            await send(more.samples[0])
        await asked.fires("QuittanceGone", "QuittanceUnreadOld")
    await asked.quiet("QuittanceGone", "QuittanceUnreadOld")


async def a_broker_that_does_not_answer(asked: Prometheus, stack: Stack) -> None:
    """Nobody can say any more what is unread, and what was said before is gone."""
    with paused(process_of(stack, "kafka")):
        await asked.fires_for("QuittanceWatchBlind", watch="lag")
        assert not await asked.query("quittance_oldest_unread_seconds"), "an old answer looks like a good one"
    await asked.answers("quittance_oldest_unread_seconds")
    await asked.quiet("QuittanceUnreadOld", "QuittanceNotReady")


async def an_audit_log_that_was_changed(asked: Prometheus, cluster: Cluster, stack: Stack, more: SampleSet) -> None:
    """A stopped sealer is seen from outside. One that finds its log changed seals no more, and says so itself."""
    log = stack.folder / "audit"
    port = port_of_sealer(stack)
    os.kill(process_of(stack, "sealer"), signal.SIGKILL)
    await asked.fires_for("QuittanceGone", job="sealer")
    for segment in changed(log):
        segment.write_bytes(segment.read_bytes().replace(b'"outcome":"', b'"outcome":"un', 1))
    stack._start("sealer", "worker", "--role", "sealer", QUITTANCE_METRICS_PORT=port)
    async with cluster.sending() as send:
        await send(more.samples[0])
    await asked.fires("QuittanceAuditBehind")


def changed(log: Path) -> list[Path]:
    """Every segment of the log that holds an entry."""
    return [path for path in log.rglob("*") if path.is_file() and b'"outcome":"' in path.read_bytes()]


async def documents_that_stand_still(asked: Prometheus, cluster: Cluster) -> None:
    """A payment of which the bank says nothing, and an approval that no stage took up."""
    states: dict[DocumentState, timedelta] = {"payment_initiated": timedelta(days=2), "approved": timedelta(hours=1)}
    async with KafkaPublisher(cluster.settings, source="test") as publisher:
        for state, ago in states.items():
            status = DocumentStatus(
                document_id=document_id(state.encode()),
                tenant="default",
                state=state,
                final=False,
                release="r1",
                at=clock.now() - ago,
                correlation_id=state,
            )
            await publisher.publish(DOCUMENT_STATUS, status)
    await asked.fires("QuittancePaymentUnanswered", "QuittanceDocumentStuck")


async def a_flood_of_poison(asked: Prometheus, cluster: Cluster) -> None:
    async with AIOKafkaProducer(bootstrap_servers=cluster.bootstrap) as producer:
        for number in range(BAD_IN_A_ROW):
            await producer.send_and_wait(DOCUMENT_RECEIVED.name, b"no JSON", key=b"%d" % number, partition=0)
    await asked.fires("QuittanceDeadLetters", "QuittanceStageStopped", "QuittanceUnreadOld")
    assert [one["metric"]["stage"] for one in await asked.query("quittance_stage_stopped == 1")] == ["extraction"]
