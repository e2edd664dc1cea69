"""One Kafka node as a child process: formatted once, started, asked whether it serves, stopped cleanly."""

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from app.local.kafka.configuration import HEAP, Quorum, server_properties
from app.local.kafka.errors import BrokerFailedError, JavaMissingError
from app.local.kafka.folder import NodeFolder
from app.local.kafka.jars import kafka_jars
from app.local.kafka.wire import is_serving
from app.local.processes import Child, start_child

DEFAULT_FOLDER = Path("var/kafka")
READY_SECONDS = 60.0  # 2 s on an idle machine; a recovery of logs after a kill, on busy cores, takes longer
FORMAT_SECONDS = 60.0  # 1 s were seen
STOP_SECONDS = 20.0  # 1 s were seen; logs that are not closed cost a recovery at the next start
ASK_AGAIN_SECONDS = 0.05
# The first compiler only: the second takes both cores for the first seconds of a broker that lives for minutes.
JVM = (
    f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
)  # fmt: skip
QUIET = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
REASON_CHARACTERS_MAX = 300


class Broker:
    """An embedded Kafka node over a data folder; also a context manager.

    For a node of a larger cluster pass its quorum, `launch` every node and then `await_ready` each: a node alone never
    gets ready.
    """

    def __init__(self, folder: Path = DEFAULT_FOLDER, quorum: Quorum | None = None, node_id: int = 1) -> None:
        self._folder = NodeFolder(folder)
        self._quorum = quorum
        self._node_id = node_id
        self._child: Child | None = None

    @property
    def quorum(self) -> Quorum:
        """The cluster that it is a node of; known once it was launched."""
        assert self._quorum is not None, "a broker has no address before it is launched"
        return self._quorum

    @property
    def bootstrap_servers(self) -> str:
        """`host:port` of every node, as the clients call it."""
        return self.quorum.bootstrap_servers

    @property
    def process(self) -> Child:
        """The running node, for tests that stop, pause or kill it."""
        assert self._child is not None, "the broker was not launched"
        return self._child

    @property
    def ready(self) -> bool:
        """Whether it serves clients now."""
        if self._child is None or self._child.exit_code is not None:
            return False
        port = self.quorum.member(self._node_id).client_port
        return is_serving(port, self._node_id, self.quorum.cluster_id)

    def start(self) -> str:
        """Launch the node and wait until it serves; its bootstrap servers.

        Raises:
            KafkaError: with one line that says why not.
        """
        self.launch()
        try:
            self.await_ready()
        except BaseException:  # Ctrl-C included: whoever gets no address will not stop it either
            self.stop()
            raise
        return self.bootstrap_servers

    def launch(self) -> None:
        """Start the process, formatting the folder first if it is new; returns before it serves.

        Raises:
            KafkaError: with one line that says why not.
        """
        java, jars = java_program(), kafka_jars()
        lock = self._folder.claim()
        try:
            self._prepare(java, jars)
            command = [*java_command(java, jars, self.quorum.heap), "kafka.Kafka", str(self._folder.properties)]
            self._child = start_child("kafka", command, log=self._folder.server_log, keep_open=[lock])
        finally:
            os.close(lock)  # from here on the broker's own copy holds it

    def await_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Return once the node serves clients.

        Raises:
            BrokerFailedError: it ended, or the time is over.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self.ready:
            if self.process.exit_code is not None:
                raise BrokerFailedError(f"Kafka ended with code {self.process.exit_code}: {self._last_words()}")
            if time.monotonic() > deadline:
                raise BrokerFailedError(f"Kafka did not serve in {timeout_seconds:.0f} s: {self._last_words()}")
            time.sleep(ASK_AGAIN_SECONDS)

    def stop(self, timeout_seconds: float = STOP_SECONDS) -> int | None:
        """End it cleanly, or by force after the deadline; its exit code, None if it was not running."""
        child, self._child = self._child, None
        return None if child is None else child.stop(timeout_seconds)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare(self, java: str, jars: Path) -> None:
        quorum = self._quorum or self._folder.quorum_of_one()
        self._folder.adopt(quorum, self._node_id)
        self._folder.properties.write_text(server_properties(quorum, self._node_id, self._folder.log))
        if not self._folder.formatted:
            format_storage(java_command(java, jars), self._folder.properties, quorum.cluster_id)
        self._quorum = quorum

    def _last_words(self) -> str:
        """The line of the log that tells most: the last error, else the last line."""
        lines = [line for line in self._folder.server_log.read_text(errors="replace").splitlines() if line.strip()]
        telling = [line for line in lines if "ERROR" in line or "Exception" in line or "Error:" in line] or lines
        line = telling[-1].strip() if telling else "it said nothing"
        return f"{line[:REASON_CHARACTERS_MAX]} ({self._folder.server_log})"


def java_program() -> str:
    """Where Java is: JAVA_HOME, else PATH.

    Raises:
        JavaMissingError: neither has it.
    """
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else None
    java = java or shutil.which("java")
    if java is None:
        raise JavaMissingError("Java 17 or newer is missing: apt-get install default-jre-headless, or run make setup")
    return java


def java_command(java: str, jars: Path, heap: str = HEAP) -> list[str]:
    """How to run a class of Kafka's."""
    return [java, f"-Xmx{heap}", *JVM, *QUIET, "-cp", f"{jars}/*"]


def format_storage(kafka: Sequence[str], properties: Path, cluster_id: str) -> None:
    """Make an empty log folder Kafka's (`kafka-storage.sh format`).

    Raises:
        BrokerFailedError: it refused.
    """
    command = [*kafka, "kafka.tools.StorageTool", "format", "--cluster-id", cluster_id, "--config", str(properties)]
    run = subprocess.run(  # noqa: S603 - our own command
        [*command, "--ignore-formatted"], capture_output=True, text=True, timeout=FORMAT_SECONDS, check=False
    )
    if run.returncode != 0:
        words = (run.stderr or run.stdout).strip().splitlines() or ["it said nothing"]
        raise BrokerFailedError(f"Kafka could not format its folder: {words[-1][:REASON_CHARACTERS_MAX]}")
