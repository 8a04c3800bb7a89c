"""Sources of entities joined with a catalogue: which are the same, what they say, and where they differ."""

from __future__ import annotations

__all__: list[str] = []
