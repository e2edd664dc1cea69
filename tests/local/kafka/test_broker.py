"""The embedded broker is a real one: it keeps what it acknowledged, and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from app.local.kafka import Broker, BrokerFailedError, FolderInUseError, JavaMissingError
from app.local.kafka.configuration import Member, Quorum
from app.local.kafka.folder import new_cluster_id
from app.local.ports import LOOPBACK, free_port
from tests.local.liveness import ends_within, is_running

pytestmark = pytest.mark.kafka

ROOT = Path(__file__).parents[3]
SOON_SECONDS = 30.0
CLEAN_STOP = 143  # Java's answer to SIGTERM once its shutdown hooks are through
LAUNCHER = """
import sys, time
from pathlib import Path
from app.local.kafka import Broker
broker = Broker(Path(sys.argv[1]))
broker.start()
print(broker.process.pid, flush=True)
time.sleep(300)
"""


async def create_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()


async def produce(bootstrap: str, topic: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True) as producer:
        await producer.send_and_wait(topic, value)


async def first_value(bootstrap: str, topic: str, group: str) -> bytes | None:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest")
    async with consumer:
        value: bytes | None = (await consumer.getone()).value
        return value


async def test_what_was_acknowledged_is_there_after_a_restart(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    bootstrap = broker.start()
    await create_topic(bootstrap, "kept")
    await produce(bootstrap, "kept", b"payment")
    assert await first_value(bootstrap, "kept", "before") == b"payment"

    assert broker.stop() == CLEAN_STOP
    assert not broker.ready
    assert broker.stop() is None

    with Broker(tmp_path) as again:
        assert again.bootstrap_servers == bootstrap
        assert again.ready
        assert await first_value(bootstrap, "kept", "after") == b"payment"


def test_a_folder_in_use_is_explained_and_its_broker_unharmed(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        with pytest.raises(FolderInUseError, match="is in use by process"):
            Broker(tmp_path).start()
        assert broker.ready


def test_a_killed_launcher_leaves_no_broker(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LAUNCHER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        java = int(launcher.stdout.readline())
        assert is_running(java)
        launcher.send_signal(signal.SIGKILL)
        assert ends_within(java, SOON_SECONDS)


def test_a_broker_that_ends_at_once_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.local.kafka.broker.JVM", ("-XX:+NoSuchOption",))
    with pytest.raises(BrokerFailedError, match="could not format its folder"):
        Broker(tmp_path).start()


def test_a_broker_that_cannot_listen_is_quoted_and_leaves_its_folder_free(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        quorum = Quorum(new_cluster_id(), (Member(1, taken.getsockname()[1], free_port()),))
        with pytest.raises(BrokerFailedError, match=r"Kafka ended with code 1: .*(bind|in use).*server\.log"):
            Broker(tmp_path, quorum).start()
    with Broker(tmp_path, quorum) as broker:
        assert broker.ready


def test_a_missing_java_is_explained_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(JavaMissingError, match=r"^Java 17 or newer is missing: .* or run make setup$"):
        Broker(tmp_path).start()
