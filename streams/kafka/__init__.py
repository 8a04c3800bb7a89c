"""The broker: kafka-python producers, consumers and administration, with its errors mapped to ours."""

from __future__ import annotations

__all__: list[str] = []
