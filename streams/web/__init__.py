"""The monitor page and the link playground."""

from __future__ import annotations

__all__: list[str] = []
