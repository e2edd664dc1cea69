"""Ports for servers that run on this machine only."""

import secrets
import socket

LOOPBACK = "127.0.0.1"
LOWEST_PORT, PORTS = 20_000, 12_000  # below 32,768, where Linux takes the ports of outgoing connections from
TRIES_MAX = 100  # the range is nearly empty on any machine; a hundred refusals mean that something else is wrong


class NoFreePortError(Exception):
    """No port of the range could be had."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on; drawn at random, so that two launchers rarely meet."""
    for _ in range(TRIES_MAX):
        port = LOWEST_PORT + secrets.randbelow(PORTS)
        if is_free(port):
            return port
    raise NoFreePortError(f"no free port between {LOWEST_PORT} and {LOWEST_PORT + PORTS}")


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: a port in TIME_WAIT is free
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
