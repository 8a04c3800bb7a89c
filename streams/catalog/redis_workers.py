"""Which version each worker uses, as they say themselves: keys that expire when a worker no longer says so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from streams.catalog.redis_keys import Keys

__all__ = ["WORKER_TTL", "WorkerUse", "announce", "read_workers", "withdraw"]

WORKER_TTL: Final = 30.0
"""How long what a worker said holds, in seconds."""


@dataclass(frozen=True, slots=True)
class WorkerUse:
    """What a worker uses.

    Attributes:
        name: Its name: host and process.
        build: The build that its catalogue came from.
        version: Name of the version in force.
        sequence: Sequence of the last change in it.
    """

    name: str
    build: str
    version: str
    sequence: int


def announce(client: Any, keys: Keys, use: WorkerUse, *, ttl: float = WORKER_TTL) -> None:
    """Say what a worker uses, for ``ttl`` seconds."""
    pipe = client.pipeline(transaction=True)
    pipe.sadd(keys.workers, use.name)
    pipe.set(keys.worker(use.name), orjson.dumps(asdict(use)), px=max(1, round(ttl * 1000)))
    pipe.execute()


def withdraw(client: Any, keys: Keys, name: str) -> None:
    """Say that a worker uses nothing any more."""
    pipe = client.pipeline(transaction=True)
    pipe.srem(keys.workers, name)
    pipe.delete(keys.worker(name))
    pipe.execute()


def read_workers(client: Any, keys: Keys) -> list[WorkerUse]:
    """Return what workers said lately, by name; names of workers that fell silent are forgotten."""
    names = sorted(name.decode() for name in client.smembers(keys.workers))
    if len(names) == 0:
        return []
    said = client.mget([keys.worker(name) for name in names])
    silent = [name for name, data in zip(names, said, strict=True) if data is None]
    if len(silent) > 0:
        client.srem(keys.workers, *silent)
    return [WorkerUse(**orjson.loads(data)) for data in said if data is not None]
