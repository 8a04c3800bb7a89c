"""The stream workers: the Faust app, the article worker and its watchdog."""

from __future__ import annotations

__all__: list[str] = []
