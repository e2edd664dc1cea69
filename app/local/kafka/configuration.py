"""What a KRaft node is told: `server.properties` as a pure function of the quorum and the node.

One node is a quorum of one. The same functions describe three, each in its own folder.
"""

from dataclasses import dataclass
from pathlib import Path

from app.local.ports import LOOPBACK

HEAP = "512m"  # 340 MB resident were seen under the demo's load
HEAP_OF_ONE_OF_MANY = "256m"  # three on one machine share a load
MESSAGE_BYTES_MAX = 2 * 1024 * 1024  # a reader answers with at most 1 MB; envelope, evidence and audit come on top
REPLICAS_MAX = 3  # Kafka's own advice: two copies survive the loss of one
OFFSETS_PARTITIONS = 8  # 50 by default: fifty files more to open at each start, for two consumer groups
TRANSACTION_PARTITIONS = 4
CLEANER_BUFFER_BYTES = 16 * 1024 * 1024  # 128 MB by default: a quarter of the heap, for logs of a few MB


@dataclass(frozen=True)
class Way:
    """A second listener for clients that reach the node through something in between, such as a proxy.

    Kafka tells a client the address of the listener that it came by: here the port of the thing in between.
    """

    port: int
    advertised_port: int


@dataclass(frozen=True)
class Member:
    """One node of a quorum: broker and controller in one process, on the loopback address."""

    node_id: int
    client_port: int
    controller_port: int
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Quorum:
    """The nodes that form one cluster."""

    cluster_id: str  # 16 bytes in URL-safe base64 without padding
    members: tuple[Member, ...]

    @property
    def replicas(self) -> int:
        """Copies of each partition, as far as there are nodes to hold them."""
        return min(REPLICAS_MAX, len(self.members))

    @property
    def heap(self) -> str:
        """The most that the Java heap of a node may take."""
        return HEAP if len(self.members) == 1 else HEAP_OF_ONE_OF_MANY

    @property
    def bootstrap_servers(self) -> str:
        """`host:port,host:port`, as the Kafka clients call it."""
        return ",".join(f"{LOOPBACK}:{member.client_port}" for member in self.members)

    def member(self, node_id: int) -> Member:
        """The node of that id; StopIteration is a bug of the caller."""
        return next(member for member in self.members if member.node_id == node_id)


def server_properties(quorum: Quorum, node_id: int, log_folder: Path) -> str:
    """Render the configuration of one node."""
    member = quorum.member(node_id)
    settings = _addresses(quorum, member) | _safety(quorum) | _thrift() | {"log.dirs": str(log_folder)}
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def _addresses(quorum: Quorum, member: Member) -> dict[str, object]:
    voters = ",".join(f"{voter.node_id}@{LOOPBACK}:{voter.controller_port}" for voter in quorum.members)
    clients = f"PLAINTEXT://{LOOPBACK}:{member.client_port}"
    ways = [(f"WAY{number}", way) for number, way in enumerate(member.ways)]
    listeners = [clients, *(f"{name}://{LOOPBACK}:{way.port}" for name, way in ways)]
    advertised = [clients, *(f"{name}://{LOOPBACK}:{way.advertised_port}" for name, way in ways)]
    protocols = [f"{name}:PLAINTEXT" for name in ("PLAINTEXT", "CONTROLLER", *(name for name, _way in ways))]
    return {
        "process.roles": "broker,controller",
        "node.id": member.node_id,
        "controller.quorum.voters": voters,
        "listeners": ",".join([*listeners, f"CONTROLLER://{LOOPBACK}:{member.controller_port}"]),
        "advertised.listeners": ",".join(advertised),
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": ",".join(protocols),
    }


def _safety(quorum: Quorum) -> dict[str, object]:
    """Nothing acknowledged is lost, and no topic comes into being by a misspelling."""
    replicas, in_sync = quorum.replicas, max(1, quorum.replicas - 1)
    return {
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "default.replication.factor": replicas,
        "min.insync.replicas": in_sync,
        "offsets.topic.replication.factor": replicas,
        "transaction.state.log.replication.factor": replicas,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.replication.factor": replicas,
        "share.coordinator.state.topic.min.isr": in_sync,
        "message.max.bytes": MESSAGE_BYTES_MAX,
        "replica.fetch.max.bytes": MESSAGE_BYTES_MAX,
    }


def _thrift() -> dict[str, object]:
    """Two cores are shared with the workers that are to be shown."""
    return {
        "group.initial.rebalance.delay.ms": 0,  # production waits for more members; a demo has all it gets
        "offsets.topic.num.partitions": OFFSETS_PARTITIONS,
        "transaction.state.log.num.partitions": TRANSACTION_PARTITIONS,
        "log.cleaner.dedupe.buffer.size": CLEANER_BUFFER_BYTES,
        "num.network.threads": 2,
        "num.io.threads": 4,
    }
