"""Wasl: entity linking for news streams.

The package's rooms, and what each may import, are drawn in ARCHITECTURE.md.
"""

from __future__ import annotations

from streams.native import install

__all__ = ["__version__"]

__version__ = "0.1.0"

install()
