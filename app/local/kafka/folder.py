"""The data folder of one node: who has it, whose data it holds, which ports it used.

node.json           version, cluster, node and ports; written before the data
lock                held (flock) as long as the launcher or its broker lives; the kernel lets go of it at their death
server.properties   rendered anew at each start
server.log          what Kafka says
log/                Kafka's own
"""

import base64
import fcntl
import json
import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path

from app.local.kafka.configuration import Member, Quorum
from app.local.kafka.errors import FolderInUseError, ForeignFolderError
from app.local.kafka.jars import KAFKA_VERSION
from app.local.ports import free_port, is_free

LOG_BYTES_MAX = 5 * 1024 * 1024  # a log of an earlier run larger than this is begun anew


class NodeFolder:
    """Paths and identity of one node's data; `claim` before anything else."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.identity = self.path / "node.json"
        self.lock = self.path / "lock"
        self.properties = self.path / "server.properties"
        self.server_log = self.path / "server.log"
        self.log = self.path / "log"

    @property
    def formatted(self) -> bool:
        """Whether `kafka-storage format` has completed here."""
        return (self.log / "meta.properties").is_file()

    def claim(self) -> int:
        """Lock the folder for this process; the file descriptor that holds the lock.

        A broker that inherits the descriptor keeps the lock for as long as it lives, even past its launcher.

        Raises:
            FolderInUseError: a live process has it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        held = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = self.lock.read_text() or "another process"
            os.close(held)
            raise FolderInUseError(f"{self.path} is in use by {owner}: stop it, or choose another folder") from None
        os.ftruncate(held, 0)
        os.write(held, f"process {os.getpid()} ({' '.join(sys.orig_argv)[:200]})".encode())
        if self.server_log.exists() and self.server_log.stat().st_size > LOG_BYTES_MAX:
            self.server_log.unlink()
        return held

    def quorum_of_one(self) -> Quorum:
        """The cluster that this node is alone in: the recorded one, with other ports where those are taken."""
        recorded = self._recorded()
        cluster_id = recorded["cluster_id"] if recorded else new_cluster_id()
        member = Member(1, *self._ports(recorded))
        return Quorum(str(cluster_id), (member,))

    def adopt(self, quorum: Quorum, node_id: int) -> None:
        """Record that this folder is that node of that cluster.

        Raises:
            ForeignFolderError: it is another one's.
        """
        recorded = self._recorded()
        mine = {"kafka": KAFKA_VERSION, "cluster_id": quorum.cluster_id, **asdict(quorum.member(node_id))}
        for name in ("cluster_id", "node_id"):
            if recorded and recorded[name] != mine[name]:
                raise self._foreign(f"{name} {recorded[name]}, not {mine[name]}")
        scratch = self.identity.with_suffix(".new")
        scratch.write_text(json.dumps(mine, indent=2) + "\n")
        scratch.replace(self.identity)

    def _recorded(self) -> dict[str, object] | None:
        """What node.json says, held against Kafka's own meta.properties; None for an empty folder."""
        if not self.identity.exists():
            if self.log.exists():
                raise self._foreign("no node.json")
            return None
        try:
            recorded = dict(json.loads(self.identity.read_text()))
        except ValueError:
            raise self._foreign("an unreadable node.json") from None
        if recorded.get("kafka") != KAFKA_VERSION:
            raise self._foreign(f"Kafka {recorded.get('kafka')}, not {KAFKA_VERSION}")
        if self.formatted and f"cluster.id={recorded['cluster_id']}" not in self._meta():
            raise self._foreign(f"another cluster than {recorded['cluster_id']}")
        return recorded

    def _meta(self) -> list[str]:
        return (self.log / "meta.properties").read_text().splitlines()

    def _foreign(self, what: str) -> ForeignFolderError:
        return ForeignFolderError(f"{self.path} holds the data of {what}: remove it, or choose another folder")

    @staticmethod
    def _ports(recorded: dict[str, object] | None) -> tuple[int, int]:
        """Keep the recorded ports where they are free: clients that were told them find the broker again."""
        before = [int(str(recorded[name])) for name in ("client_port", "controller_port")] if recorded else []
        client, controller = [port if is_free(port) else free_port() for port in before] or [free_port(), free_port()]
        return client, controller


def new_cluster_id() -> str:
    """A random id in Kafka's form; one that begins with a dash would read as an option."""
    while True:
        cluster_id = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        if not cluster_id.startswith("-"):
            return cluster_id
