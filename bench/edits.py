"""Live edits: what a change of the catalogue costs, and what linking beside changes costs."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from bench.catalogues import compiled, generated
from bench.edit_rate import edit_rate
from bench.inputs import seed_sized
from bench.rows import Row, of_calls
from bench.stats import rate
from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import open_snapshot
from streams.events.entity import Entity
from streams.linking.enrich import link_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.rows import Config

__all__ = ["live_edits"]

_CHANGES: Final = (0, 100, 1_000, 5_000)


def live_edits(config: Config) -> Iterator[Row]:
    """Apply one change on top of others, link the seed-sized article beside them, and take a thousand a second."""
    view = open_snapshot(compiled(config.kind, 1_000_000))
    _, seed = seed_sized()
    changed = [Record(entity.id, entity) for entity in islice(generated(100_000), max(_CHANGES))]
    new = Entity("Q899999999", "organization", {"en": "Zarquon Shipwrights"}, prior=0.5)
    for count in _CHANGES:
        overlay = OverlayView(view).with_records(changed[:count])
        one = rate(
            lambda overlay=overlay: overlay.with_records([Record(new.id, new)]),
            clock=time.process_time,
            least=config.least,
            repeats=config.repeats,
        )
        linked = rate(
            lambda overlay=overlay: link_article(seed, overlay),
            clock=time.process_time,
            least=config.least,
            repeats=config.repeats,
        )
        figures = {"one_more_ms": round(one.median * 1e3, 2), **of_calls(linked)}
        yield Row("edits", f"{count:,} changes beside the snapshot", figures)
    yield from edit_rate(config)
