"""``wasl catalog``: one file per verb, as in `streams.cli`."""

from __future__ import annotations

__all__: list[str] = []
