"""The broker and Redis for the laptop and for tests: real servers, on free ports, without containers."""

from __future__ import annotations

__all__: list[str] = []
