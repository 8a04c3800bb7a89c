"""The catalogue: what linking may ask of it, how it changes, where it is kept, where it comes from."""

from __future__ import annotations

__all__: list[str] = []
