"""The demonstration articles: resource files only, read through ``importlib.resources``."""

from __future__ import annotations

__all__: list[str] = []
