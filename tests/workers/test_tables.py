"""Faust's manager of tables, where there are none."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

from streams.workers.tables import NoTables


class _Recovery:
    started = False

    async def start(self) -> None:
        self.started = True


async def test_nothing_is_waited_for_before_the_group_is_joined():
    paused = []
    consumer = SimpleNamespace(assignment=frozenset, pause_partitions=paused.append)
    manager = NoTables.__new__(NoTables)
    manager.data, manager._recovery = {}, _Recovery()
    manager.app = SimpleNamespace(consumer=consumer)
    manager._channels, manager._changelogs = {}, {}
    manager._tables_finalized, manager._tables_registered = asyncio.Event(), asyncio.Event()
    # Faust's own waits for a second here.
    await asyncio.wait_for(manager.on_start(), 0.5)
    assert manager._tables_registered.is_set()
    assert manager._recovery.started
    assert paused == [set()]
