"""``wasl unlinked``: names that the catalogue lacks."""

from __future__ import annotations

__all__: list[str] = []
