"""Wasl: entity linking for news streams.

The package's rooms, and what each may import, are drawn in ARCHITECTURE.md.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
