"""Evaluation: how good linking is on marked texts, what it gets wrong, and learning its weights from them.

`gold` reads marked texts, `link` links them, `score` counts, `errors` says what went wrong; `train` learns weights.
TRAINING.md beside this file says how, and why.
"""

from __future__ import annotations

__all__: list[str] = []
