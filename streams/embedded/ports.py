"""TCP ports on loopback that nobody else takes between choosing and using them.

A port that is found free, closed and handed to a server can be gone by the time the server binds it.
Two things keep that from happening here:

- Ports are drawn from below the range that the kernel hands out for outgoing connections.
  A client that keeps reconnecting to a stopped server in that range can be given the server's own port as
  its source port, connect to itself, and so block the server's restart for good.
- The port stays bound, without listening, as long as the reservation lives.
  The socket is bound exclusively, so a second reservation is refused, and only then allows sharing: on Linux
  a server that sets ``SO_REUSEADDR`` (the JVM, Redis and Tokio all do) may listen on it all the same.
  Elsewhere the socket is closed just before the server starts.
"""

from __future__ import annotations

import socket
import sys
import time
from random import Random
from typing import TypeAlias

from streams.errors import EmbeddedServerError

__all__ = ["LOOPBACK", "PortChoice", "PortReservation", "reserve_port", "take_back"]

LOOPBACK = "127.0.0.1"

_LOWEST = 20_000
_HIGHEST = 32_767  # the kernel's own range begins at 32,768 on Linux, 49,152 on macOS
_ATTEMPTS = 200
_SHARES = sys.platform == "linux"
_CLOSED_WITHIN = 3.0
_LOOKED_EVERY = 0.05


class PortReservation:
    """A TCP port on loopback, held until `release`.

    Args:
        port: The port, 1 to 65,535.
        again: Whether a server of ours had it; only one that listens there keeps it from us then.

    Raises:
        OSError: The port is in use.
    """

    def __init__(self, port: int, *, again: bool = False) -> None:
        self.port = port
        self._socket: socket.socket | None = _bind(port, again=again)

    def hand_over(self) -> None:
        """Let a server listen on the port now; where the system can share it, it stays reserved."""
        if self._socket is not None and not _SHARES:
            self.release()

    def release(self) -> None:
        """Give the port back; a second call does nothing."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


PortChoice: TypeAlias = int | PortReservation | None
"""A port, one that is reserved already, or None for a free one."""


def reserve_port(port: PortChoice = None, *, random: Random | None = None) -> PortReservation:
    """Reserve a port on loopback.

    Args:
        port: The port to reserve; a reservation is returned as it is, and None lets a free one be chosen.
        random: Where the choice comes from; a generator seeded by the system by default.

    Returns:
        The reservation; release it when the server is gone.

    Raises:
        EmbeddedServerError: The port is in use, or no free port was found.
    """
    if isinstance(port, PortReservation):
        return port
    if port is not None:
        return _reserve(port, again=False)
    generator = random if random is not None else Random()  # noqa: S311 - not for secrets
    for candidate in (generator.randint(_LOWEST, _HIGHEST) for _ in range(_ATTEMPTS)):
        try:
            return PortReservation(candidate)
        except OSError:
            continue
    raise EmbeddedServerError(
        f"None of {_ATTEMPTS} ports tried between {_LOWEST} and {_HIGHEST} on {LOOPBACK} was free.",
        remedy="Name a free port yourself.",
    )


def take_back(port: int) -> PortReservation:
    """Reserve the port of a server of ours that has ended, though its last connections may not be closed yet.

    Of a process of several threads its sockets are closed a moment after it has ended.

    Raises:
        EmbeddedServerError: Something listens there, also after three seconds.
    """
    until = time.monotonic() + _CLOSED_WITHIN
    while True:
        try:
            return _reserve(port, again=True)
        except EmbeddedServerError:
            if time.monotonic() > until:
                raise
        time.sleep(_LOOKED_EVERY)


def _reserve(port: int, *, again: bool) -> PortReservation:
    try:
        return PortReservation(port, again=again)
    except OSError as exc:
        raise EmbeddedServerError(
            f"Port {port} on {LOOPBACK} is not free: {exc}.",
            remedy="Stop what listens there, or choose another port.",
        ) from exc


def _bind(port: int, *, again: bool) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if again:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    if _SHARES:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return bound
