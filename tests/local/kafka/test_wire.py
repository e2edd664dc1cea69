import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.local.kafka.wire import is_serving
from app.local.ports import LOOPBACK, free_port


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that gives one client these answers, each to one request, and closes; its port."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            for answer in answers:
                connection.recv(4096)
                connection.sendall(answer)

    with socket.create_server((LOOPBACK, 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def framed(hexadecimal: str) -> bytes:
    body = bytes.fromhex("00000007" + hexadecimal)
    return len(body).to_bytes(4) + body


API_VERSIONS = framed("0000 00000000")
NO_BROKERS = framed("00000000 0002 4d6b ffffffff 00000000")
BROKER_1 = framed("00000001 00000001 0001 61 00004e20 ffff 0002 4d6b 00000001 00000000")
RACKED_2 = framed("00000001 00000002 0001 61 00004e20 0001 72 0002 4d6b 00000001 00000000")
MK = "Mk"  # the cluster of those answers


def test_a_broker_that_its_cluster_counts_serves() -> None:
    with answering(API_VERSIONS, BROKER_1) as port:
        assert is_serving(port, 1, MK)
    with answering(API_VERSIONS, RACKED_2) as port:
        assert is_serving(port, 2, MK)


def test_a_broker_that_its_cluster_does_not_count_yet_does_not_serve() -> None:
    with answering(API_VERSIONS, NO_BROKERS) as port:
        assert not is_serving(port, 1, MK)
    with answering(API_VERSIONS, RACKED_2) as port:
        assert not is_serving(port, 1, MK)


def test_a_broker_of_another_cluster_is_not_ours() -> None:
    with answering(API_VERSIONS, BROKER_1) as port:
        assert not is_serving(port, 1, "Another")


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", framed("0023"), framed(""), BROKER_1[:9], b"\x7f\xff\xff\xff"],
    ids=["nothing", "http", "an error code", "too short", "cut off", "too long"],
)
def test_an_open_port_is_not_a_broker(answer: bytes) -> None:
    with answering(answer) as port:
        assert not is_serving(port, 1, MK)


def test_a_closed_port_is_not_a_broker() -> None:
    assert not is_serving(free_port(), 1, MK)
