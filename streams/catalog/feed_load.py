"""Loading the live catalogue the cheapest way: the local copy, Redis's snapshot, or the store's records."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from streams.catalog.overlay import OverlayView
from streams.catalog.publish import compile_store, fetch, published
from streams.catalog.records import EMPTY_VERSION
from streams.catalog.snapshot import SnapshotView
from streams.errors import EmptyStoreError, SnapshotError

if TYPE_CHECKING:
    from streams.catalog.folder import SnapshotFolder
    from streams.catalog.redis_ import RedisStore

__all__ = ["MANY", "bring_up_to_date", "filled_position", "load_current", "reload_pays"]

_LOG = logging.getLogger(__name__)

MANY: Final = 2_000
"""Changed records beyond which a newer snapshot is worth fetching."""


def filled_position(store: RedisStore) -> tuple[int, str]:
    """Return the position of a store that holds a catalogue: sequence and version.

    A store without one record was never filled, or was emptied by accident: whoever follows it must not take
    that for everything having been deleted.

    Raises:
        EmptyStoreError: It holds none.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    sequence, version = store.position()
    if version == EMPTY_VERSION:
        raise EmptyStoreError(
            f"{store.where} holds no catalogue under the prefix {store.keys.prefix!r}: it was never filled, or it"
            " was emptied.",
            remedy="Import one with `wasl catalog import --starter` or `wasl catalog import FILE`, or see whether"
            " WASL_REDIS_PREFIX and WASL_REDIS_URL are right.",
        )
    return sequence, version


def load_current(store: RedisStore, folder: SnapshotFolder) -> tuple[OverlayView, int]:
    """Return the live catalogue and the sequence of its last change, and keep a local copy.

    A copy or a snapshot is brought up to date by the changes that came after it; it is passed over where
    some of them are no longer kept, an import came in between, or the version does not come out right.

    Raises:
        EmptyStoreError: The store holds no catalogue; the local copy stays as it is.
        StoreUnavailableError: Redis cannot be reached just now.
        SnapshotError: The folder cannot be used, or imports kept replacing the catalogue meanwhile.
        CatalogError: Redis refuses.
    """
    filled_position(store)
    with folder.lock():
        found = _from_copy(store, folder) or _from_redis(store, folder) or _from_records(store, folder)
        try:
            folder.save_changes(*found)
        except SnapshotError as exc:
            _not_kept(exc)
    return found


def _from_copy(store: RedisStore, folder: SnapshotFolder) -> tuple[OverlayView, int] | None:
    local = folder.load()
    if local is None:
        return None
    try:
        view, sequence = bring_up_to_date(store, local.view, local.sequence)
    except SnapshotError:
        return None
    return None if reload_pays(store, view) else (view, sequence)


def _from_redis(store: RedisStore, folder: SnapshotFolder) -> tuple[OverlayView, int] | None:
    for snapshot in published(store):
        try:
            base = folder.save(fetch(store, snapshot), source="redis")
        except SnapshotError as exc:
            _LOG.warning("published snapshot skipped", extra={"key": snapshot.key, "detail": str(exc)})
            continue
        try:
            return bring_up_to_date(store, OverlayView(base), base.header.sequence)
        except SnapshotError as exc:
            # It is sound, and of a catalogue that was since imported anew.
            _LOG.info("snapshot passed over", extra={"key": snapshot.key, "detail": str(exc)})
    return None


def _from_records(store: RedisStore, folder: SnapshotFolder) -> tuple[OverlayView, int]:
    compiled = compile_store(store)
    if compiled.header.version == EMPTY_VERSION:
        # Emptied in this very moment; this says so, unless it was filled again.
        filled_position(store)
    try:
        base = folder.save(compiled.pieces)
    except SnapshotError as exc:
        _not_kept(exc)
        base = SnapshotView(memoryview(b"".join(compiled.pieces)))
    return bring_up_to_date(store, OverlayView(base), base.header.sequence)


def _not_kept(error: SnapshotError) -> None:
    _LOG.warning("local copy not written", extra={"error": error.code, "detail": str(error)})


def bring_up_to_date(store: RedisStore, view: OverlayView, sequence: int) -> tuple[OverlayView, int]:
    """Return ``view`` with all changes since ``sequence``, and the sequence of the last.

    Raises:
        SnapshotError: That does not lead to the live catalogue.
        EmptyStoreError: The store holds no catalogue.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    now, version = filled_position(store)
    if view.version == version:
        # Whatever the way to it: after a rollback a snapshot of before is right again.
        return view, now
    changes = store.changes_since(sequence)
    if len(changes) > 0:
        now, version = changes[-1].sequence, changes[-1].version
    if any(change.change is None for change in changes):
        raise SnapshotError(f"The catalogue was imported anew after change {sequence}.", remedy="Load it anew.")
    view = view.with_records(record for change in changes for record in change.records)
    if view.version != version:
        raise SnapshotError(
            f"After change {now} the view is {view.version}, and the store {version}.", remedy="Load it anew."
        )
    return view, now


def reload_pays(store: RedisStore, view: OverlayView) -> bool:
    """Whether so much was changed since the snapshot of ``view`` that a newer one in Redis is worth fetching.

    Raises:
        StoreUnavailableError: Redis cannot be reached just now.
    """
    if view.changed_count < MANY:
        return False
    return any(snapshot.sequence > view.base.header.sequence for snapshot in published(store))
