"""R7, Kafka's half: what each failure of a broker does to a record, on a real broker with the producer that we run.

Written is what the broker has confirmed. What cannot be written in time ends the process, whose events are read again;
nothing is dropped, and nothing that was confirmed is written twice.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from agents.effects import DeadLetter
from app.delivery import Delivery
from app.local.kafka import Broker
from app.local.kafka.configuration import Member, Quorum
from app.local.kafka.folder import new_cluster_id
from app.local.ports import LOOPBACK, free_port
from schemas.topics import DOCUMENT_RECEIVED
from tests.faults.writing import Ended, delivering, leader_of, make_topic, record, values

SHORT_SECONDS = 4.0  # a deadline that a broken broker passes
LONG_SECONDS = 45.0  # one that a broker which comes back keeps, on a busy machine too
AWAY_SECONDS = 2.0
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.kafka, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of our own: it is paused here."""
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Broker]]:
    """Three copies of everything, by node."""
    folder = tmp_path_factory.mktemp("nodes")
    quorum = Quorum(new_cluster_id(), tuple(Member(n, free_port(), free_port()) for n in (1, 2, 3)))
    nodes = {n: Broker(folder / str(n), quorum, n) for n in (1, 2, 3)}
    with ExitStack() as stack:
        for node in nodes.values():
            stack.callback(node.stop, timeout_seconds=0.0)  # a node without its quorum cannot leave in order
            node.launch()
        for node in nodes.values():
            node.await_ready()
        yield nodes


@pytest_asyncio.fixture(loop_scope="module")
async def patient(broker: Broker) -> AsyncIterator[Delivery]:
    async with delivering(broker.bootstrap_servers, LONG_SECONDS) as delivery:
        yield delivery


@pytest_asyncio.fixture(loop_scope="module")
async def hasty(broker: Broker) -> AsyncIterator[Delivery]:
    async with delivering(broker.bootstrap_servers, SHORT_SECONDS) as delivery:
        yield delivery


class TestTooLarge:
    async def test_a_record_that_the_broker_refuses_for_its_size_ends_the_process(
        self, broker: Broker, patient: Delivery
    ) -> None:
        """Somebody made the topic smaller than ours. The event stays where it is, and is read again."""
        await make_topic(broker.bootstrap_servers, "narrow", max_message_bytes="1000")
        with pytest.raises(Ended, match="refused a record for narrow: MessageSizeTooLargeError"):
            await patient.deliver(record("narrow", b"x" * 5_000))
        assert await values(broker.bootstrap_servers, "narrow") == []

    async def test_a_dead_letter_larger_than_we_may_write_keeps_its_place_and_digest(
        self, broker: Broker, patient: Delivery
    ) -> None:
        await make_topic(broker.bootstrap_servers, DOCUMENT_RECEIVED.dead)
        letter = DeadLetter(
            "extraction", DOCUMENT_RECEIVED, 0, 7, 0.0, b"k", b"x" * 1_045_000, {}, "VALUE-TOO-LARGE", "too large"
        )
        await patient.bury(letter)
        await patient.bury(DeadLetter(**{**vars(letter), "value": b"small"}))
        assert await values(broker.bootstrap_servers, DOCUMENT_RECEIVED.dead) == [b"", b"small"], "and the next goes on"


class TestTimeouts:
    async def test_a_broker_that_falls_silent_ends_the_process_at_the_deadline(
        self, broker: Broker, hasty: Delivery
    ) -> None:
        await make_topic(broker.bootstrap_servers, "silent")
        await hasty.deliver(record("silent", b"before"))
        with paused(broker), pytest.raises(Ended, match=f"no broker took a record for silent in {SHORT_SECONDS:g} s"):
            await hasty.deliver(record("silent", b"unconfirmed"))
        # whether the broker finds it when it wakes is open: it was never confirmed, and its cause is read again
        assert (await values(broker.bootstrap_servers, "silent"))[0] == b"before"

    async def test_a_broker_that_pauses_is_waited_for_and_has_each_record_once(
        self, broker: Broker, patient: Delivery
    ) -> None:
        await make_topic(broker.bootstrap_servers, "paused")
        with paused(broker):
            writing = [asyncio.create_task(patient.deliver(record("paused", b"%d" % n))) for n in range(20)]
            await asyncio.sleep(AWAY_SECONDS)
            assert not any(task.done() for task in writing)
        await asyncio.gather(*writing)
        assert sorted(await values(broker.bootstrap_servers, "paused"), key=str) == sorted(
            (b"%d" % n for n in range(20)), key=str
        )

    async def test_a_topic_that_is_missing_ends_the_process(self, hasty: Delivery) -> None:
        with pytest.raises(Ended, match=r"nobody\.made\.it"):
            await hasty.deliver(record("nobody.made.it", b"x"))


class TestThreeNodes:
    """What needs more than one copy."""

    @pytest.mark.timeout(180)
    async def test_what_is_written_while_the_leader_dies_is_there_once(self, nodes: dict[int, Broker]) -> None:
        """NotLeader, connections lost, and the election between them."""
        bootstrap = nodes[1].bootstrap_servers
        await make_topic(bootstrap, "led", copies=3, min_insync_replicas="2")
        first = await leader_of(bootstrap, "led")
        async with delivering(bootstrap, LONG_SECONDS) as delivery:
            written: list[int] = []
            for number in range(60):
                if number == 20:
                    os.kill(nodes[first].process.pid, signal.SIGKILL)
                written.append((await delivery.deliver(record("led", b"%d" % number))).offset)
        assert written == list(range(60)), "confirmed in order, none twice"
        assert await leader_of(bootstrap, "led") != first
        assert await values(bootstrap, "led") == [b"%d" % number for number in range(60)]
        await back(nodes[first])

    @pytest.mark.timeout(180)
    async def test_with_too_few_replicas_nothing_counts_as_written_until_they_are_back(
        self, nodes: dict[int, Broker]
    ) -> None:
        bootstrap = nodes[1].bootstrap_servers
        for name in ("lonely", "mended"):
            await make_topic(bootstrap, name, copies=3, min_insync_replicas="3")
        leaders = {await leader_of(bootstrap, name) for name in ("lonely", "mended")}
        gone = nodes[min(set(nodes) - leaders)]
        os.kill(gone.process.pid, signal.SIGKILL)
        async with delivering(bootstrap, SHORT_SECONDS) as hasty:
            with pytest.raises(Ended, match="no broker took a record for lonely"):
                await hasty.deliver(record("lonely", b"unconfirmed"))
        async with delivering(bootstrap, 2 * LONG_SECONDS) as patient:
            writing = asyncio.create_task(patient.deliver(record("mended", b"payment")))
            await asyncio.sleep(AWAY_SECONDS)
            assert not writing.done()
            await back(gone)
            await writing
        assert await values(bootstrap, "mended") == [b"payment"], "once, however often it was sent"


async def back(node: Broker) -> None:
    """Start a node again that was killed."""
    await asyncio.to_thread(node.stop, 0.0)
    await asyncio.to_thread(node.launch)
    await asyncio.to_thread(node.await_ready)


class TestAwayAtTheStart:
    @pytest.mark.parametrize("role", [["--role", "reader"], ["--role", "ledger"], []], ids=["reader", "ledger", "both"])
    async def test_a_worker_without_a_broker_ends_with_one_line(self, role: list[str], tmp_path: Path) -> None:
        """Whoever supervises it starts it again; nothing was consumed, so nothing is lost."""
        environment = {
            **os.environ,
            "QUITTANCE_KAFKA_BOOTSTRAP_SERVERS": f"{LOOPBACK}:{free_port()}",
            "QUITTANCE_METRICS_PORT": "0",
            "QUITTANCE_DOCUMENTS": f"file://{tmp_path}",
            "QUITTANCE_LOG_FORMAT": "text",
        }
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app", "worker", *role,
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(60):
            _, told = await run.communicate()
        assert run.returncode == 1
        assert b"quittance: KafkaConnectionError: Unable to bootstrap" in told
        assert b"Traceback" not in told


class paused:  # noqa: N801 - read as a sentence: with paused(broker)
    """The broker's process stopped, as a machine that swaps or is migrated, for as long as the block runs."""

    def __init__(self, broker: Broker) -> None:
        self._pid = broker.process.pid

    def __enter__(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def __exit__(self, *_: object) -> None:
        os.kill(self._pid, signal.SIGCONT)
