"""Two questions to a broker in Kafka's own protocol, so that ready means ready and not merely an open port.

Protocol guide: requests are `size:int32 api_key:int16 api_version:int16 correlation_id:int32 client_id:string`,
responses `size:int32 correlation_id:int32 body`; all big-endian, strings with an int16 length.
"""

import socket
import struct

from app.local.ports import LOOPBACK

API_VERSIONS, METADATA = 18, 3  # api keys
METADATA_VERSION = 1  # the first that can ask for no topic at all
CLIENT_ID = b"quittance-ready"
CORRELATION_ID = 7
ANSWER_SECONDS = 2.0
ANSWER_BYTES_MAX = 64 * 1024  # the answers are below 2 KB; a larger one comes from something that is not Kafka


def is_serving(port: int, node_id: int) -> bool:
    """Whether the node answers on that port and its cluster counts it among the brokers that serve clients."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=ANSWER_SECONDS) as connection:
            return _speaks_kafka(connection) and node_id in _brokers(connection)
    except (OSError, struct.error):  # nobody there, cut off, or an answer of another protocol
        return False


def _speaks_kafka(connection: socket.socket) -> bool:
    body = _ask(connection, API_VERSIONS, 0, b"")
    (error_code,) = struct.unpack_from(">h", body)
    return bool(error_code == 0)


def _brokers(connection: socket.socket) -> set[int]:
    """Node ids of the unfenced brokers (Metadata v1: `[node_id:int32 host:string port:int32 rack:nullable_string]`)."""
    body = _ask(connection, METADATA, METADATA_VERSION, struct.pack(">i", 0))
    (count,), offset, found = struct.unpack_from(">i", body), 4, set[int]()
    for _ in range(count):
        node_id, host_bytes = struct.unpack_from(">ih", body, offset)
        offset += 6 + host_bytes + 4
        (rack_bytes,) = struct.unpack_from(">h", body, offset)
        offset += 2 + max(0, rack_bytes)
        found.add(node_id)
    return found


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
