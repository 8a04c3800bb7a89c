"""From the store to a snapshot, and the snapshot into Redis, where workers fetch it rather than compile it.

Bytes go to Redis in chunks under a key that nobody knows yet; one step then names it and forgets the one
before the last. Snapshots of other formats and foldings have descriptions of their own, so that during an
upgrade old and new workers each find theirs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import orjson
from redis.exceptions import RedisError, WatchError

from streams.catalog.compile import Compiler
from streams.catalog.redis_errors import redis_errors
from streams.catalog.snapshot_format import FORMAT, folding_name
from streams.errors import CatalogError, ConflictError, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.catalog.compile import Compiled
    from streams.catalog.redis_ import RedisStore
    from streams.catalog.store import CatalogStore

__all__ = [
    "CHUNK_BYTES",
    "Progress",
    "Published",
    "compile_store",
    "fetch",
    "is_published",
    "publish",
    "published",
    "store_snapshot",
]

CHUNK_BYTES: Final = 1 << 20
_KEPT: Final = 2
_BATCH: Final = 8
_ATTEMPTS: Final = 5
_SHOWN_EVERY: Final = 1_000

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot in Redis.

    Attributes:
        key: Where its chunks are.
        version: Name of the catalogue version.
        sequence: Sequence of the last change in it.
        chunks: How many there are.
    """

    key: str
    version: str
    sequence: int
    chunks: int


def compile_store(store: CatalogStore, *, progress: Progress | None = None) -> Compiled:
    """Compile what ``store`` holds into a snapshot, at one sequence.

    Records are read while others may change them. Laying down every change that came in the meantime makes
    of any such mixture the state after the last of them, and the version proves it.

    Args:
        store: The store.
        progress: Called now and then with how many records were read, and how many there are.

    Raises:
        ConflictError: Imports kept replacing the catalogue meanwhile.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    for _ in range(_ATTEMPTS):
        stats = store.stats()
        sequence, version = stats.sequence, stats.version
        compiler = Compiler()
        try:
            for done, record in enumerate(store.records()):
                compiler.add(record)
                if progress is not None and done % _SHOWN_EVERY == 0:
                    progress(done, stats.entities + stats.retired + stats.redirects)
        except ConflictError:
            # What was being read is gone, and another is live.
            continue
        changes = store.changes_since(sequence)
        if any(change.change is None for change in changes):
            continue
        for change in changes:
            for record in change.records:
                compiler.add(record)
            sequence, version = change.sequence, change.version
        if compiler.version == version:
            return compiler.finish(sequence=sequence)
    raise ConflictError(
        f"The catalogue did not keep still in {_ATTEMPTS} attempts to compile it.",
        remedy="Try again after the imports.",
    )


def publish(store: RedisStore, *, progress: Progress | None = None) -> Published:
    """Compile what ``store`` holds and keep the snapshot in Redis.

    Args:
        store: The store.
        progress: See `compile_store`.

    Raises:
        ConflictError: Imports kept replacing the catalogue meanwhile.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    return store_snapshot(store, compile_store(store, progress=progress))


def store_snapshot(store: RedisStore, compiled: Compiled) -> Published:
    """Keep a snapshot in Redis, and forget all but the one before it.

    Raises:
        StoreUnavailableError: Redis cannot be reached just now, or is full.
    """
    header = compiled.header
    key = store.keys.snapshot(header.version, f"{_variant()}:{secrets.token_hex(4)}")
    with redis_errors("Storing a snapshot"):
        try:
            chunks = 0
            for chunk in _rechunk(compiled.pieces):
                pipe = store.client.pipeline(transaction=True)
                pipe.rpush(key, chunk)
                # Should this die before the key is named, nothing else would ever remove it.
                pipe.expire(key, 3600)
                length, _ = pipe.execute()
                if length > chunks + 1:
                    # It was sent again, since an answer was lost.
                    store.client.ltrim(key, 0, chunks)
                chunks += 1
            new = Published(key, header.version, header.sequence, chunks)
            while not _is_named(store, new):
                pass
        except BaseException:
            # A Redis that is full of half a snapshot would refuse every edit.
            with suppress(CatalogError, RedisError, OSError):
                if all(one.key != key for one in published(store)):
                    store.client.unlink(key)
            raise
    return new


def _is_named(store: RedisStore, new: Published) -> bool:
    """Name a snapshot that is whole, and forget all but the one before; False where others name one just now."""
    with store.client.pipeline(transaction=True) as pipe:
        try:
            pipe.watch(store.keys.snapshots)
            known = published(store)
            if new in known:
                # It was done, and the answer was lost.
                return True
            kept = [new, *known]
            pipe.multi()
            pipe.persist(new.key)
            pipe.hset(store.keys.snapshots, _variant(), orjson.dumps([asdict(one) for one in kept[:_KEPT]]))
            for old in kept[_KEPT:]:
                pipe.unlink(old.key)
            pipe.execute()
        except WatchError:
            return False
    return True


def published(store: RedisStore) -> list[Published]:
    """Return the snapshots in Redis that this program can read, newest first."""
    with redis_errors("Looking for snapshots"):
        known = store.client.hget(store.keys.snapshots, _variant())
    return [] if known is None else [Published(**fields) for fields in orjson.loads(known)]


def is_published(store: RedisStore) -> bool:
    """Whether a snapshot of the live build is in Redis; what editors changed since is laid down on it."""
    with redis_errors("Looking for snapshots"):
        since = int(store.client.hget(store.live_keys().info, "since") or 0)
    # After a rollback one of before the switch may be right again.
    version = store.version()
    return any(snapshot.sequence >= since or snapshot.version == version for snapshot in published(store))


def fetch(store: RedisStore, snapshot: Published) -> Iterator[bytes]:
    """Return the bytes of a snapshot in pieces; who takes them checks them as a whole.

    Raises:
        SnapshotError: Some are missing.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    for start in range(0, snapshot.chunks, _BATCH):
        with redis_errors("Fetching a snapshot"):
            chunks = store.client.lrange(snapshot.key, start, start + _BATCH - 1)
        if len(chunks) != min(_BATCH, snapshot.chunks - start):
            raise SnapshotError(
                f"Snapshot {snapshot.key} has fewer than its {snapshot.chunks} chunks.", remedy="Publish it anew."
            )
        yield from chunks


def _variant() -> str:
    return f"{FORMAT}-{folding_name()}"


def _rechunk(pieces: list[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in pieces:
        for start in range(0, len(piece), CHUNK_BYTES):
            waiting += piece[start : start + CHUNK_BYTES]
            while len(waiting) >= CHUNK_BYTES:
                yield bytes(waiting[:CHUNK_BYTES])
                del waiting[:CHUNK_BYTES]
    if len(waiting) > 0:
        yield bytes(waiting)
