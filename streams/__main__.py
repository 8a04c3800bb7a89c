"""``python -m streams`` is ``wasl``."""

from __future__ import annotations

from streams.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
