"""A way between a worker and a server that can be cut, slowed, reset, blocked in one direction, or led elsewhere.

Nothing that was sent is ever dropped from the middle of a connection: TCP would not do that either. A direction that
is held delivers when it is let go again, or the connection ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from typing import TYPE_CHECKING, Any, Final

from streams.embedded.ports import LOOPBACK, reserve_port

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TcpProxy"]

_CHUNK: Final = 65_536
# On and after no seconds: closing then sends a reset instead of the rest.
_RESET: Final = struct.pack("ii", 1, 0)


class TcpProxy:
    """A proxy with a thread and an event loop of its own.

    Args:
        target: Port of the server, on this machine.
    """

    def __init__(self, target: int = 0) -> None:
        self._reservation = reserve_port()
        self.port = self._reservation.port
        self._target = target
        self._delay = 0.0
        self._refuses = False
        self._writers: set[Any] = set()
        self._loop = asyncio.new_event_loop()
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self._up.set()
        self._down.set()
        self._server: Any = None
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()
        self._do(self._open)

    @property
    def address(self) -> str:
        """``host:port`` for clients."""
        return f"{LOOPBACK}:{self.port}"

    def lead_to(self, target: int) -> None:
        """Lead connections to another server from now on, and reset those that there are."""
        self._target = target
        self.reset()

    def hold(self, *, up: bool = False, down: bool = False) -> None:
        """Deliver nothing to the server (``up``) or to its clients (``down``) until `release`."""

        async def hold() -> None:
            for is_held, gate in ((up, self._up), (down, self._down)):
                if is_held:
                    gate.clear()

        self._do(hold)

    def slow(self, seconds: float) -> None:
        """Let every piece in either direction wait for so long."""
        self._delay = seconds

    def refuse(self) -> None:
        """Reset what there is and whoever connects, until `release`."""
        self._refuses = True
        self.reset()

    def release(self) -> None:
        """Be a wire again."""
        self._delay, self._refuses = 0.0, False

        async def release() -> None:
            self._up.set()
            self._down.set()

        self._do(release)

    def reset(self) -> None:
        """Reset all connections."""

        async def reset() -> None:
            for writer in list(self._writers):
                _reset(writer)

        self._do(reset)

    def close(self) -> None:
        """End it, and give its port back."""

        async def close() -> None:
            self._server.close()
            for writer in list(self._writers):
                _reset(writer)
            mine = asyncio.current_task()
            others = [task for task in asyncio.all_tasks() if task is not mine]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self._do(close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self._reservation.release()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _do(self, what: Callable[[], Any]) -> None:
        asyncio.run_coroutine_threadsafe(what(), self._loop).result(10)

    async def _open(self) -> None:
        self._reservation.hand_over()
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port, reuse_address=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            _reset(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._target)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, self._up),
                self._pump(far_reader, writer, self._down),
            )
        except asyncio.CancelledError:
            pass  # the proxy ends
        finally:
            self._writers -= {writer, far_writer}
            for each in (writer, far_writer):
                each.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while True:
                await gate.wait()
                piece = await reader.read(_CHUNK)
                await gate.wait()
                if self._delay > 0:
                    await asyncio.sleep(self._delay)
                if len(piece) == 0:
                    break
                writer.write(piece)
                await writer.drain()
        writer.close()


def _reset(writer: Any) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
