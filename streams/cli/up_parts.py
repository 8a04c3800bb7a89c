"""The parts of a stack of `wasl up`: each started where it lives, and recorded by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams import __version__
from streams.cli.local import LocalWorker, fill_catalog, make_topics, start_monitor, start_worker
from streams.cli.terminal import counted, note
from streams.embedded.ports import LOOPBACK
from streams.embedded.state import record_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.embedded.ports import PortChoice
    from streams.embedded.server import Server
    from streams.embedded.state import ProcessRecord
    from streams.settings import Settings

__all__ = ["MONITOR", "WORKER", "fill", "make", "page_address", "recorded", "say_waiting", "serve_page", "work"]

WORKER: Final = "worker"
MONITOR: Final = "monitor"

_PARTITIONS: Final = 8
_SESSION_TIMEOUT: Final = 6.0  # the shortest that Apache Kafka allows


def fill(settings: Settings, say: Callable[[str], None]) -> None:
    """Import the starter catalogue where there is none, and say what the catalogue holds."""
    stats, imported = fill_catalog(settings)
    said = counted(stats.entities, "entity", "entities")
    say(said + (", the starter catalogue" if imported else ", kept from the last time"))


def make(settings: Settings, say: Callable[[str], None]) -> None:
    """Create the topics that are missing, and say which were."""
    created = make_topics(settings, partitions=_PARTITIONS)
    say(", ".join(created) if len(created) > 0 else "kept from the last time")


def work(settings: Settings, home: Path, *, port: PortChoice = None, die_with_parent: bool) -> LocalWorker:
    """Start the worker of the stack that lives in ``home``.

    Args:
        settings: Where the servers are.
        home: Folder of the stack.
        port: Where it answers; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Raises:
        EmbeddedServerError: It did not start.
    """
    return start_worker(
        settings, folder=home / WORKER, session_timeout=_SESSION_TIMEOUT, port=port, die_with_parent=die_with_parent
    )


def serve_page(
    settings: Settings, home: Path, *, worker_port: int, port: PortChoice = None, die_with_parent: bool
) -> LocalWorker:
    """Start the monitor page of the stack that lives in ``home``.

    Args:
        settings: Where the servers are.
        home: Folder of the stack.
        worker_port: Where the worker answers.
        port: Where the page is served; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Raises:
        EmbeddedServerError: It did not start.
    """
    return start_monitor(
        settings,
        folder=home / MONITOR,
        worker=home / WORKER,
        worker_port=worker_port,
        port=port,
        die_with_parent=die_with_parent,
    )


def page_address(port: int) -> str:
    """Return the address of the monitor page."""
    return f"http://{LOOPBACK}:{port}/"


def recorded(part: Server | LocalWorker) -> ProcessRecord:
    """Return the record of a part that runs.

    Raises:
        EmbeddedServerError: It has ended.
    """
    if isinstance(part, LocalWorker):
        process = part.process
        name = process.name.removeprefix("The ")
        return record_process(name, process.pid or 0, log=process.log_path, port=part.port.port, version=__version__)
    return record_process(part.name, part.pid or 0, log=part.log_path, port=part.port, version=part.version)


def say_waiting(home: Path) -> None:
    """Note that somebody else starts or stops the stack that lives in ``home``, and that we wait for it."""
    note(f"Another command is starting or stopping the stack in {home}: waiting until it is done.")
