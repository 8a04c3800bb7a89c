"""The monitor page: what is known of a running Wasl, shown live, and the catalogue behind a token.

Pure are `text`, `documents`, `history`, `board` and `guard`; `ports` says what is asked of the world, `memory` answers
from memory, and `lag_`, `tail`, `workers_` and `editor` ask Kafka, the workers and the catalogue's store.
"""

from __future__ import annotations

__all__: list[str] = []
