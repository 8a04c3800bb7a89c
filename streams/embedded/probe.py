"""Does a server answer? The smallest requests of both protocols, over a plain socket."""

from __future__ import annotations

import socket
import struct
from typing import Final

from streams.embedded.ports import LOOPBACK
from streams.errors import EmbeddedServerError

__all__ = ["accepts_connections", "answers_kafka", "answers_redis", "redis_info"]

_TIMEOUT: Final = 2.0  # seconds for one answer
_API_VERSIONS: Final = 18
_CORRELATION: Final = 7
_CLIENT: Final = b"wasl"


def accepts_connections(port: int) -> bool:
    """Say whether something listens on the port of this machine."""
    try:
        socket.create_connection((LOOPBACK, port), _TIMEOUT).close()
    except OSError:
        return False
    return True


def answers_kafka(port: int) -> bool:
    """Say whether a broker on the port of this machine answers an ApiVersions request without an error.

    The request is version 0, which every broker knows and which comes before any authentication.
    """
    body = struct.pack(">hhih", _API_VERSIONS, 0, _CORRELATION, len(_CLIENT)) + _CLIENT
    try:
        with socket.create_connection((LOOPBACK, port), _TIMEOUT) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            answer = _read_exactly(connection, 10)
    except OSError:
        return False
    _, correlation, error = struct.unpack(">iih", answer)
    return bool(correlation == _CORRELATION and error == 0)


def answers_redis(port: int) -> bool:
    """Say whether a Redis on the port of this machine answers PING, its data loaded."""
    try:
        with socket.create_connection((LOOPBACK, port), _TIMEOUT) as connection:
            connection.sendall(b"PING\r\n")
            return _read_exactly(connection, 5) == b"+PONG"
    except OSError:
        return False


def redis_info(port: int) -> dict[str, str]:
    """Ask the Redis on the port of this machine who it is.

    Returns:
        The fields of the section "server" of INFO, such as ``redis_version``.

    Raises:
        EmbeddedServerError: It does not answer, or answers with an error.
    """
    try:
        with socket.create_connection((LOOPBACK, port), _TIMEOUT) as connection:
            connection.sendall(b"INFO server\r\n")
            with connection.makefile("rb") as answer:
                header = answer.readline()
                text = answer.read(int(header[1:])) if header.startswith(b"$") else b""
    except (OSError, ValueError) as exc:
        raise EmbeddedServerError(f"Redis on port {port} does not answer INFO: {exc}.") from exc
    if text == b"":
        raise EmbeddedServerError(f"Redis on port {port} refuses INFO: {header.decode('utf-8', 'replace')!r}.")
    pairs = (line.partition(":") for line in text.decode().splitlines() if ":" in line)
    return {name: value for name, _, value in pairs}


def _read_exactly(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        part = connection.recv(size - len(received))
        if part == b"":
            raise ConnectionError("the connection was closed before the answer was complete")
        received += part
    return received
