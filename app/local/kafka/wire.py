"""Two questions to a broker in Kafka's own protocol, so that ready means ready and not merely an open port.

Protocol guide: requests are `size:int32 api_key:int16 api_version:int16 correlation_id:int32 client_id:string`,
responses `size:int32 correlation_id:int32 body`; all big-endian, strings with an int16 length.
"""

import socket
import struct
from dataclasses import dataclass

from app.local.ports import LOOPBACK

API_VERSIONS, METADATA = 18, 3  # api keys
METADATA_VERSION = 2  # the first that can ask for no topic at all and tells the cluster's id
CLIENT_ID = b"quittance-ready"
CORRELATION_ID = 7
ANSWER_SECONDS = 2.0
ANSWER_BYTES_MAX = 64 * 1024  # the answers are below 2 KB; a larger one comes from something that is not Kafka


def is_serving(port: int, node_id: int, cluster_id: str) -> bool:
    """Whether that node of that cluster answers on the port, and its cluster counts it among those that serve clients.

    A stranger's broker on the same port is not ours, however well it answers.
    """
    try:
        with socket.create_connection((LOOPBACK, port), timeout=ANSWER_SECONDS) as connection:
            return _speaks_kafka(connection) and _cluster(connection).has(node_id, cluster_id)
    except (OSError, struct.error):  # nobody there, cut off, or an answer of another protocol
        return False


@dataclass(frozen=True)
class _Cluster:
    """What a Metadata answer says of the cluster."""

    cluster_id: str
    node_ids: frozenset[int]  # the unfenced ones

    def has(self, node_id: int, cluster_id: str) -> bool:
        return self.cluster_id == cluster_id and node_id in self.node_ids


def _speaks_kafka(connection: socket.socket) -> bool:
    body = _ask(connection, API_VERSIONS, 0, b"")
    (error_code,) = struct.unpack_from(">h", body)
    return bool(error_code == 0)


def _cluster(connection: socket.socket) -> _Cluster:
    """Metadata v2: `[node_id:int32 host:string port:int32 rack:nullable_string] cluster_id:nullable_string ...`."""
    body = _ask(connection, METADATA, METADATA_VERSION, struct.pack(">i", 0))
    (count,), offset, node_ids = struct.unpack_from(">i", body), 4, set[int]()
    for _ in range(count):
        (node_id,) = struct.unpack_from(">i", body, offset)
        _, offset = _string(body, offset + 4)
        _, offset = _string(body, offset + 4)
        node_ids.add(node_id)
    return _Cluster(_string(body, offset)[0], frozenset(node_ids))


def _string(body: bytes, offset: int) -> tuple[str, int]:
    """The string at an offset, and the offset after it; null reads as empty."""
    (size,) = struct.unpack_from(">h", body, offset)
    end = offset + 2 + max(0, size)
    return body[offset + 2 : end].decode(errors="replace"), end


def _ask(connection: socket.socket, api_key: int, version: int, body: bytes) -> bytes:
    header = struct.pack(">hhih", api_key, version, CORRELATION_ID, len(CLIENT_ID)) + CLIENT_ID
    connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
    (size,) = struct.unpack(">i", _receive(connection, 4))
    return _receive(connection, size)[4:]


def _receive(connection: socket.socket, size: int) -> bytes:
    if not 0 <= size <= ANSWER_BYTES_MAX:
        raise ConnectionError(f"an answer of {size} bytes is not Kafka's")
    received = bytearray()
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise ConnectionError("cut off in the middle of an answer")
        received += part
    return bytes(received)
