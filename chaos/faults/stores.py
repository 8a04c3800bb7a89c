"""Faults of the catalogue: Redis and its snapshots."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from chaos.faults.fault import Fault
from streams.catalog.publish import publish, published

if TYPE_CHECKING:
    from pathlib import Path

    from chaos.world import World

__all__ = ["FAULTS"]


def _killed(world: World) -> None:
    world.shelf.server.kill()


def _started(world: World) -> None:
    if not world.shelf.server.running:
        world.shelf.server.start()
    world.shelf.settle()
    world.shelf.promote()


def _paused(world: World) -> None:
    world.shelf.server.pause()


def _resumed(world: World) -> None:
    world.shelf.server.resume()
    world.shelf.settle()
    world.shelf.promote()


def _slow(world: World) -> None:
    world.shelf.proxy.slow(0.4)
    world.shelf.promote()


def _cut_off(world: World) -> None:
    world.shelf.proxy.hold(up=True, down=True)
    world.shelf.promote()


def _released(world: World) -> None:
    world.shelf.proxy.release()
    world.shelf.promote()


def _failed_over(world: World) -> None:
    world.shelf.fail_over()
    world.shelf.promote()


def _full(world: World) -> None:
    client = world.shelf.store.client
    client.config_set("maxmemory", max(1, int(client.info("memory")["used_memory"]) - 50_000))
    world.facts["promoted_while_full"] = world.shelf.promote()


def _roomy(world: World) -> None:
    world.shelf.store.client.config_set("maxmemory", 0)
    world.shelf.settle()
    world.shelf.promote()


def _emptied(world: World) -> None:
    world.shelf.store.client.flushall()


def _filled(world: World) -> None:
    world.shelf.fill()


def _promoted(world: World) -> None:
    for _ in range(15):
        world.shelf.promote()
        time.sleep(0.1)
    world.shelf.fill()


def _corrupt_store(world: World) -> None:
    """Spoil the published snapshots and remove the local copies, and start all workers anew."""
    world.crew.hold()
    client = world.shelf.store.client
    for snapshot in published(world.shelf.store):
        piece = bytearray(client.lindex(snapshot.key, 0))
        for at in range(len(piece) // 2, len(piece), 97):
            piece[at] ^= 0x5A
        client.lset(snapshot.key, 0, bytes(piece))
    for path in _copies(world):
        path.unlink()
    world.shelf.promote()
    world.crew.let_go()


def _published(world: World) -> None:
    publish(world.shelf.store)


def _corrupt_copies(world: World) -> None:
    """Spoil the local copies, and start all workers anew."""
    world.crew.hold()
    for number, path in enumerate(_copies(world)):
        data = bytearray(path.read_bytes())
        if number % 2 == 0 and len(data) > 0:
            data[len(data) // 2] ^= 0x5A
        else:
            del data[len(data) // 2 :]
        path.write_bytes(data)
    world.shelf.promote()
    world.crew.let_go()


def _copies(world: World) -> list[Path]:
    return [path for path in world.folder.glob("**/catalog/*") if path.suffix in {".snapshot", ".changes"}]


FAULTS: Final = (
    Fault("redis-killed", "SIGKILL to Redis, started again after 4 s", _killed, _started, hold=4.0, hides_changes=True),
    Fault("redis-paused", "SIGSTOP to Redis for 4 s", _paused, _resumed, hold=4.0, hides_changes=True),
    Fault(
        "redis-slow",
        "each piece between workers and Redis takes 400 ms longer",
        _slow,
        _released,
        hold=4.0,
        hides_changes=True,
    ),
    Fault(
        "redis-cut-off",
        "Redis cannot be reached for 4 s, and changes",
        _cut_off,
        _released,
        hold=4.0,
        hides_changes=True,
    ),
    Fault("redis-failed-over", "a replica of Redis promoted, the first one killed", _failed_over, hides_changes=True),
    Fault(
        "redis-full",
        "maxmemory below what is used: Redis refuses every write",
        _full,
        _roomy,
        hold=3.0,
        hides_changes=True,
    ),
    Fault("redis-emptied", "FLUSHALL; filled again after 3 s", _emptied, _filled, hold=3.0, hides_changes=True),
    Fault("catalogue-promoted", "fifteen versions and an import go live in the middle of batches", _promoted),
    Fault(
        "snapshot-corrupt-in-redis",
        "published snapshots spoilt, local copies removed, all workers started anew",
        _corrupt_store,
        _published,
        hold=3.0,
    ),
    Fault(
        "snapshot-corrupt-on-disk",
        "local copies spoilt or cut off, all workers started anew",
        _corrupt_copies,
        hold=1.0,
    ),
)
