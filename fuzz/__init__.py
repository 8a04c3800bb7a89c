"""Fuzzing of everything that reads what strangers send: decoders, snapshot loader, folding, matcher and linker."""

from __future__ import annotations

__all__: list[str] = []
