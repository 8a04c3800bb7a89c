"""``wasl catalog unblock``: see `streams.cli.catalog.block`."""

from __future__ import annotations

from streams.cli.catalog.block import blocking

__all__ = ["command"]

command = blocking(
    "unblock",
    text="""Take a block back.

    ALIAS may mean the entity again.
    """,
)
