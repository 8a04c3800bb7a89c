"""Where catalogues come from: one module a format."""

from __future__ import annotations

__all__: list[str] = []
