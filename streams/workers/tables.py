"""Faust's manager of tables without the second that it waits for tables to be declared: a worker has none."""

from __future__ import annotations

from faust.tables.manager import TableManager

__all__ = ["NoTables"]


class NoTables(TableManager):
    """Tables of a worker, which are none; the group is joined once they are registered."""

    mundane_level = "debug"  # that it starts and stops is no news

    async def on_start(self) -> None:
        """Register them at once, and start what hands partitions out."""
        await self._update_channels()
        await self.recovery.start()
