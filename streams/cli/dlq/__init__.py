"""``wasl dlq``: one module for each verb."""

from __future__ import annotations

__all__: list[str] = []
