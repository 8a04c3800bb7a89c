"""A server of the embedded set-up: a supervised child that owns a port on loopback."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.embedded.ports import LOOPBACK, PortReservation
from streams.embedded.process import ChildProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Server", "ServerSpec"]


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """What it takes to run a server.

    Attributes:
        name: What messages call it, such as "Redis".
        command: Absolute path of the program, then its arguments.
        log_path: File that receives its output.
        ready: Says whether the server on the given port answers.
        version: Tells the version of the server that answers on the given port.
        start_timeout: Seconds it may take to answer.
        grace: Seconds between SIGTERM and SIGKILL.
    """

    name: str
    command: tuple[str, ...]
    log_path: Path
    ready: Callable[[int], bool]
    version: Callable[[int], str]
    start_timeout: float = 20.0
    grace: float = 10.0


class Server:
    """A running server, which can be stopped, killed, frozen and started again on the same port and data.

    Args:
        spec: What to run.
        ports: The ports it uses, the one for clients first; released by `close`.
        die_with_parent: Whether it ends with this process.
    """

    def __init__(self, spec: ServerSpec, ports: tuple[PortReservation, ...], *, die_with_parent: bool = True) -> None:
        self._spec = spec
        self._ports = ports
        self._version: str | None = None
        self._child = ChildProcess(
            spec.name,
            spec.command,
            log_path=spec.log_path,
            die_with_parent=die_with_parent,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._spec.name

    @property
    def port(self) -> int:
        """Port for clients."""
        return self._ports[0].port

    @property
    def address(self) -> str:
        """``host:port`` for clients; of a broker, its bootstrap servers."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def version(self) -> str:
        """Version of the program, asked for once."""
        if self._version is None:
            self._version = self._spec.version(self.port)
        return self._version

    @property
    def pid(self) -> int | None:
        """Process id; None before the first start."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process is there; a paused one is."""
        return self._child.running

    @property
    def log_path(self) -> Path:
        """File that receives its output."""
        return self._spec.log_path

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            EmbeddedServerError: It did not start, or did not answer in time.
        """
        for reservation in self._ports:
            reservation.hand_over()
        self._child.start(lambda: self._spec.ready(self.port), timeout=self._spec.start_timeout)

    def started(self) -> Self:
        """Start it, closing everything if that fails, and return it.

        Raises:
            EmbeddedServerError: It did not start, or did not answer in time.
        """
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def stop(self) -> None:
        """Stop it in an orderly way, and by force when it takes too long."""
        self._child.stop(grace=self._spec.grace)

    def kill(self) -> None:
        """End it at once, as a power cut would (SIGKILL)."""
        self._child.kill()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers (SIGSTOP)."""
        self._child.pause()

    def resume(self) -> None:
        """Let a paused server go on (SIGCONT)."""
        self._child.resume()

    def restart(self) -> None:
        """Stop it in an orderly way and start it on the same port and data.

        Raises:
            EmbeddedServerError: It did not start again.
        """
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop it and give its ports back."""
        self.stop()
        for reservation in self._ports:
            reservation.release()

    def leave_running(self) -> None:
        """Give the ports back and leave the process to itself, for a server that stays behind."""
        for reservation in self._ports:
            reservation.release()
