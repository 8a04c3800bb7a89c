"""A long run at most of what a worker can do, with stalls in between: does anything grow, and does it catch up?"""

from __future__ import annotations

__all__: list[str] = []
