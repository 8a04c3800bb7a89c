from __future__ import annotations

from tests.support.forgive import forgiving

__all__ = ["forgiving"]
