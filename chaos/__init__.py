"""Faults under load: what dies, hangs, fills up or lies while articles flow, and what came of them; `make chaos`."""

from __future__ import annotations

__all__: list[str] = []
