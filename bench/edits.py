"""Live edits: what a change of the catalogue costs, and what linking beside changes costs."""

from __future__ import annotations

import gc
import os
import time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bench.catalogues import compiled, generated
from bench.edit_rate import edit_rate
from bench.inputs import seed_sized
from bench.process import resident_of
from bench.rows import Row, of_calls
from bench.stats import rate
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import open_snapshot
from streams.events.entity import Entity
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config, Figure
    from streams.catalog.snapshot import SnapshotView
    from streams.events.article import RawArticle

__all__ = ["live_edits"]

_CHANGES: Final = (0, 100, 1_000, 5_000, 20_000, 100_000)
_QUICK: Final = 4  # of them, where it must be quick
_AT_ONCE: Final = 1_000  # changes, as a worker takes them at most
_NEW: Final = Entity("Q899999999", "organization", {"en": "Zarquon Shipwrights"}, prior=0.5)


def live_edits(config: Config) -> Iterator[Row]:
    """Apply one change on top of others, link the seed-sized article beside them, and take a thousand a second."""
    view = open_snapshot(compiled(config.kind, 1_000_000))
    _, seed = seed_sized()
    counts = _CHANGES[:_QUICK] if config.quick else _CHANGES
    changed = [Record(entity.id, entity) for entity in islice(generated(4 * counts[-1]), counts[-1])]
    for count in counts:
        yield Row("edits", f"{count:,} changes beside the snapshot", _beside(config, view, seed, changed[:count]))
    yield from edit_rate(config)


def _beside(config: Config, view: SnapshotView, seed: RawArticle, changed: list[Record]) -> dict[str, Figure]:
    new = Record(_NEW.id, _NEW)
    held = _held()
    overlay = OverlayView(view)
    for start in range(0, len(changed), _AT_ONCE):
        overlay = overlay.with_records(changed[start : start + _AT_ONCE])
    held = _held() - held
    given: dict[str, Any] = {"clock": time.process_time, "least": config.least, "repeats": config.repeats}
    one = rate(lambda: overlay.with_records([new]), **given)
    linked = rate(lambda: link_article(seed, overlay), **given)
    return {"one_more_ms": round(one.median * 1e3, 2), "held_mb": round(held, 1), **of_calls(linked)}


def _held() -> float:
    gc.collect()
    return resident_of(os.getpid())
