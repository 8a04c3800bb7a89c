"""How fast Wasl is, measured: pinned inputs, levels, peers and the pipeline, in one run."""

from __future__ import annotations

__all__: list[str] = []
