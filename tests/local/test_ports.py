import socket

from app.local.ports import LOOPBACK, LOWEST_PORT, PORTS, free_port, is_free


def test_a_free_port_lies_below_those_of_outgoing_connections() -> None:
    assert LOWEST_PORT <= free_port() < LOWEST_PORT + PORTS < 32_768


def test_a_port_that_is_listened_on_is_not_free() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
    assert is_free(port)
