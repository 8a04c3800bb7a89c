"""What the metrics show of the catalogue: its version, size, age and snapshot, and whether changes arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.feed import CatalogFeed
from streams.catalog.overlay import OverlayView

if TYPE_CHECKING:
    from streams.metrics import WorkerMetrics
    from streams.workers.ports import Catalog

__all__ = ["show_catalog"]


def show_catalog(metrics: WorkerMetrics, catalog: Catalog, *, now: float) -> None:
    """Bring the catalogue's gauges up to date.

    Args:
        metrics: Where they are.
        catalog: The catalogue.
        now: Seconds since 1970-01-01 UTC.
    """
    view = catalog.view
    metrics.show_catalog(view.version, now=now)
    metrics.redis_connected.set(1 if catalog.is_live else 0)
    if isinstance(view, OverlayView):
        metrics.catalog_entities.set(view.base.header.entities)
        metrics.catalog_forms.set(view.base.header.forms)
        metrics.overlay.set(view.changed_count)
    if isinstance(catalog, CatalogFeed):
        state = catalog.state
        metrics.catalog_age.set(state.age)
        snapshot = state.snapshot
        metrics.show_snapshot(snapshot.source, size=snapshot.size, is_kept=snapshot.kept, damaged=snapshot.damaged)
