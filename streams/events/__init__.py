"""Wire formats: bytes to value and value to bytes, for every event that Wasl reads or writes.

The JSON Schemas under ``schemas/`` say the same to other programs; their examples run through this code.
"""

from __future__ import annotations

__all__: list[str] = []
