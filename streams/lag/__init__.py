"""Consumer lag: pure arithmetic, and the exporter."""

from __future__ import annotations

__all__: list[str] = []
