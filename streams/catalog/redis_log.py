"""The audit log in Redis: who did what to the catalogue, kept when the change stream has long forgotten it.

Entries have the sequences of their changes. For each id that a change concerned its sequence is on a list, so
that the history of an entity is read without the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.redis_errors import redis_errors
from streams.catalog.versions import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.catalog.redis_keys import Keys
    from streams.catalog.store import LogEntry

__all__ = ["last_concerning", "queue_log", "read_log", "token_at", "touched_since"]

_CHUNK: Final = 500


def queue_log(pipe: Any, keys: Keys, entry: LogEntry, *, token: str) -> None:
    """Queue the commands that write a line of the log.

    Args:
        pipe: A transaction.
        keys: Where everything lies.
        entry: The line.
        token: By which who wrote it finds out whether it was written.
    """
    fields = {"what": orjson.dumps(entry.what), "ids": " ".join(entry.ids), "version": entry.version, "token": token}
    pipe.xadd(keys.log, fields, id=f"{entry.sequence}-0")
    for entity_id in entry.ids:
        pipe.rpush(keys.logged(entity_id), entry.sequence)


def read_log(client: Any, keys: Keys, *, entity_id: str | None, limit: int | None) -> Iterator[LogEntry]:
    """Return the log, newest first; see `streams.catalog.store.CatalogStore.log`."""
    return _newest(client, keys, limit) if entity_id is None else _of_entity(client, keys, entity_id, limit)


def _newest(client: Any, keys: Keys, limit: int | None) -> Iterator[LogEntry]:
    last, left = "+", limit
    while left is None or left > 0:
        with redis_errors("Reading the log of the catalogue"):
            found = client.xrevrange(keys.log, last, "-", count=_CHUNK if left is None else min(left, _CHUNK))
        if len(found) == 0:
            return
        yield from (_entry(*line) for line in found)
        last = f"({found[-1][0].decode()}"
        left = None if left is None else left - len(found)


def _of_entity(client: Any, keys: Keys, entity_id: str, limit: int | None) -> Iterator[LogEntry]:
    with redis_errors("Reading the log of the catalogue"):
        sequences = client.lrange(keys.logged(entity_id), 0 if limit is None else -limit, -1)[::-1]
    for start in range(0, len(sequences), _CHUNK):
        with redis_errors("Reading the log of the catalogue"):
            pipe = client.pipeline(transaction=False)
            for sequence in sequences[start : start + _CHUNK]:
                pipe.xrange(keys.log, f"{int(sequence)}-0", f"{int(sequence)}-0")
            answers = pipe.execute()
        yield from (_entry(*line) for lines in answers for line in lines)


def last_concerning(client: Any, keys: Keys, entity_id: str, *, live_since: int) -> LogEntry | None:
    """Return the last line that concerned an id: its own, or the one with which the live build came.

    Args:
        client: A client.
        keys: Where everything lies.
        entity_id: The id.
        live_since: Sequence at which the live build went live; 0 where nothing says so.
    """
    own = client.lindex(keys.logged(entity_id), -1)
    sequence = max(live_since, 0 if own is None else int(own))
    found = client.xrange(keys.log, f"{sequence}-0", f"{sequence}-0")
    return None if len(found) == 0 else _entry(*found[0])


def touched_since(client: Any, keys: Keys, sequence: int) -> Iterator[str]:
    """Return the ids that changes after ``sequence`` concerned; one may come several times."""
    first = f"{sequence + 1}-0"
    while True:
        found = client.xrange(keys.log, first, "+", count=_CHUNK)
        if len(found) == 0:
            return
        for _, fields in found:
            yield from fields[b"ids"].decode().split()
        first = f"({found[-1][0].decode()}"


def token_at(client: Any, keys: Keys, sequence: int) -> str | None:
    """Return the token of whoever wrote the line with this sequence; None where there is none."""
    found = client.xrange(keys.log, f"{sequence}-0", f"{sequence}-0")
    return None if len(found) == 0 else found[0][1][b"token"].decode()


def _entry(entry_id: bytes, fields: dict[bytes, bytes]) -> LogEntry:
    return entry_of(
        int(entry_id.partition(b"-")[0]),
        orjson.loads(fields[b"what"]),
        tuple(fields[b"ids"].decode().split()),
        fields[b"version"].decode(),
    )
