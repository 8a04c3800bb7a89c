"""Where it is kept who said what: beside a file, as JSON lines, or in Redis, in one hash by entity.

Redis keeps it once and not for each build: the statements are what sources said, whichever version is live. They are
written by an import that is refused no more, just before its entities go live, and what an entity does not show is
passed over, so that one that fails in between does no harm.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.catalog.joining.statements import CATALOGUE, Statement
from streams.catalog.redis_errors import redis_errors
from streams.errors import InputError, SnapshotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from streams.catalog.records import Record
    from streams.catalog.redis_ import RedisStore
    from streams.catalog.sources.origin import Origin

__all__ = ["StoreBase", "read_sidecar", "sidecar_lines", "sidecar_path", "write_statements"]

_CHUNK: Final = 1_000


def sidecar_path(path: Path) -> Path:
    """Return where the provenance of a catalogue file is: ``x.provenance.jsonl`` beside ``x.jsonl.gz``."""
    name = path.name
    for end in (".zst", ".gz", ".jsonl"):
        name = name.removesuffix(end)
    return path.with_name(f"{name}.provenance.jsonl")


def sidecar_lines(statements: dict[str, list[Statement]], licences: dict[str, str]) -> Iterator[bytes]:
    """Return one JSON line a statement, in the order of the entities' ids.

    Args:
        statements: Who says what, by id.
        licences: Licences by source, as in the hash of sources.
    """
    for entity_id in sorted(statements):
        for each in statements[entity_id]:
            yield orjson.dumps(
                {
                    "entity": entity_id,
                    "property": each.property,
                    "value": each.value,
                    "source": each.source,
                    "source_version": each.version,
                    "licence": licences.get(_source(each), ""),
                    "inferred": each.inferred,
                },
                option=orjson.OPT_APPEND_NEWLINE,
            )


def read_sidecar(path: Path) -> tuple[dict[str, list[Statement]], dict[str, str]]:
    """Read what `sidecar_lines` wrote: who says what by id, and the licences.

    Raises:
        InputError: It did not write this, or the file cannot be read.
    """
    statements: dict[str, list[Statement]] = {}
    licences: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for line in file:
                given = orjson.loads(line)
                each = Statement(
                    given["property"], given["value"], given["source"], given["source_version"], given["inferred"]
                )
                statements.setdefault(given["entity"], []).append(each)
                licences[_source(each)] = given["licence"]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{path} cannot be read as provenance: {exc!r}.", remedy="Import the source anew.") from exc
    return statements, licences


class StoreBase:
    """The catalogue in Redis as joining asks it.

    Args:
        store: The store.

    Attributes:
        cut: Sequence of the last change before anything was read; see `streams.catalog.store.CatalogStore.put_many`.
    """

    def __init__(self, store: RedisStore) -> None:
        self._store = store
        self.cut, _ = store.position()

    def redirects(self) -> dict[str, str]:
        """Return the id that stays by each id that redirects."""
        return self._store.redirects()

    def records(self) -> Iterator[Record]:
        """Return the records that are no redirects, in the order of their ids."""
        return (record for record in self._store.records() if record.entity is not None)

    def statements(self, ids: Iterable[str]) -> dict[str, list[Statement]]:
        """Return what is known of who said what, by id.

        Raises:
            SnapshotError: What is stored is damaged.
        """
        client, key = self._store.client, self._store.keys.provenance
        found: dict[str, list[Statement]] = {}
        left = iter(ids)
        while len(chunk := list(islice(left, _CHUNK))) > 0:
            with redis_errors(f"Reading the provenance in {self._store.where}"):
                stored = client.hmget(key, chunk)
            for entity_id, data in zip(chunk, stored, strict=True):
                if data is not None:
                    found[entity_id] = _decode(entity_id, data)
        return found

    def licences(self) -> dict[str, str]:
        """Return the licence of each source by its name and version."""
        with redis_errors(f"Reading the provenance in {self._store.where}"):
            stored = self._store.client.hgetall(self._store.keys.sources)
        return {source.decode(): licence.decode() for source, licence in stored.items()}


def write_statements(
    store: RedisStore,
    statements: dict[str, list[Statement]],
    origin: Origin,
    keep: Callable[[], None] | None = None,
    *,
    gone: Iterable[str] = (),
) -> None:
    """Write who says what, in pipelines of bounded size.

    Args:
        store: The store.
        statements: Who says what, by id.
        origin: The source that was imported.
        keep: Is called after each pipeline; see `streams.catalog.store.Beside`.
        gone: Ids of which nothing is kept, since they redirect.
    """
    client, keys = store.client, store.keys
    with redis_errors(f"Writing the provenance to {store.where}"):
        client.hset(keys.sources, f"{origin.name} {origin.version}", origin.licence)
        left = iter(statements.items())
        while len(chunk := dict(islice(left, _CHUNK))) > 0:
            client.hset(keys.provenance, mapping={entity_id: _encode(said) for entity_id, said in chunk.items()})
            if keep is not None:
                keep()
        rest = list(gone)
        if len(rest) > 0:
            client.hdel(keys.provenance, *rest)


def _source(statement: Statement) -> str:
    return f"{statement.source} {statement.version}"


def _encode(said: list[Statement]) -> bytes:
    by_source: dict[str, list[list[Any]]] = {}
    for each in said:
        fields: list[Any] = [each.property, each.value]
        by_source.setdefault(_source(each), []).append([*fields, 1] if each.inferred else fields)
    return orjson.dumps(by_source)


def _decode(entity_id: str, data: bytes) -> list[Statement]:
    said = []
    try:
        for source, statements in orjson.loads(data).items():
            name, _, version = source.partition(" ")
            said += [Statement(each[0], each[1], name, version, len(each) > 2) for each in statements]
    except (ValueError, AttributeError, TypeError, IndexError) as exc:
        raise SnapshotError(
            f"The provenance of {entity_id} is damaged: {exc}.", remedy=f"Import its sources anew; {CATALOGUE} stays."
        ) from exc
    return said
