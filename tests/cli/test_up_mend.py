from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from streams.cli import up_mend
from streams.cli.local import LocalWorker
from streams.cli.up_mend import mend
from streams.embedded.options import EmbeddedOptions
from streams.embedded.ports import reserve_port
from streams.embedded.process import ChildProcess
from streams.embedded.server import Server, ServerSpec
from streams.embedded.state import ProcessRecord, StackState, record_process
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streams.embedded.ports import PortReservation


@pytest.fixture
def port() -> int:
    reserved = reserve_port()
    reserved.release()
    return reserved.port


@pytest.fixture
def stack(tmp_path: Path, port: int) -> Callable[..., StackState]:
    """A stack of which some parts have ended; this very process stands for the others."""

    def make(*ended: str) -> StackState:
        running = record_process("", os.getpid(), log=tmp_path / "log")
        parts = [
            ProcessRecord(name, running.pid, "?" if name in ended else running.identity, 0.0, port, "", "")
            for name in ("Redis", "Tansu", "worker", "monitor")
        ]
        return StackState("tansu", "127.0.0.1:1", "redis://127.0.0.1:1/0", tuple(parts))

    return make


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ChildProcess | Server]]:
    """What was started: a program that only waits stands for every part."""
    begun: list[ChildProcess | Server] = []
    waits = (sys.executable, "-c", "import time; time.sleep(600)")

    def serve(*_: object, port: PortReservation, **__: object) -> Server:
        spec = ServerSpec("Redis", waits, tmp_path / "log", ready=lambda _: True, version=lambda _: "1")
        server = Server(spec, (port,)).started()
        begun.append(server)
        return server

    def work(*_: object, port: PortReservation, **__: object) -> LocalWorker:
        process = ChildProcess("The worker", waits, log_path=tmp_path / "log")
        process.start(lambda: True, timeout=10)
        begun.append(process)
        return LocalWorker(process, port)

    monkeypatch.setattr(up_mend, "start_server", serve)
    monkeypatch.setattr(up_mend, "work", work)
    monkeypatch.setattr(up_mend, "serve_page", work)
    for name in ("fill", "make"):
        monkeypatch.setattr(up_mend, name, lambda *_: None)
    yield begun
    for part in begun:
        part.kill()


@pytest.mark.parametrize("ended", ["Redis", "worker", "monitor"])
def test_a_part_that_cannot_be_written_down_is_stopped(
    ended: str, stack: Callable[..., StackState], started: list[ChildProcess | Server], tmp_path: Path
) -> None:
    with pytest.raises(EmbeddedServerError, match="No stack runs in"):  # the state file has vanished meanwhile
        mend(EmbeddedOptions(home=tmp_path), stack(ended))
    assert [part.running for part in started] == [False]


def test_where_a_port_is_taken_what_runs_still_goes_on(
    stack: Callable[..., StackState], port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[ProcessRecord] = []
    monkeypatch.setattr(up_mend, "stop_process", stopped.append)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(EmbeddedServerError, match=f"Port {port}") as told:
        mend(EmbeddedOptions(home=tmp_path), stack("Tansu"))
    assert told.value.remedy == "Stop what listens there, or `wasl down` and `wasl up` on other ports."
    assert stopped == []
