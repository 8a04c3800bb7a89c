"""What a worker's feed says and keeps besides: which version it uses, and its changes on the local disk."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from typing import TYPE_CHECKING, Final

from streams.catalog.redis_errors import redis_errors
from streams.catalog.redis_workers import WORKER_TTL, WorkerUse, announce, withdraw
from streams.errors import SnapshotError, WaslError

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.catalog.folder import SnapshotFolder
    from streams.catalog.overlay import OverlayView
    from streams.catalog.redis_ import RedisStore

__all__ = ["Herald", "Journal"]

_LOG = logging.getLogger(__name__)
_EVERY: Final = WORKER_TTL / 3
_LEAST_BETWEEN: Final = 1.0
# Of the time, the share that writing the journal may take.
_SHARE: Final = 0.05


class Herald:
    """Says which version this worker uses, so that nobody collects it.

    Args:
        store: The store; what it says goes over the same connections.
        using: Gives the version in force and the sequence of its last change.

    Attributes:
        name: What this worker is called: host, process and a few random digits.
    """

    def __init__(self, store: RedisStore, using: Callable[[], tuple[str, int]]) -> None:
        self.name = ""
        self._store = store
        self._using = using
        self._build = ""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to say it, at once and then again and again."""
        # Here and not before: processes may have been forked since this was made.
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
        self._task = asyncio.create_task(self._run(), name="catalogue herald")

    async def stop(self) -> None:
        """Say it no longer; a Redis that is away forgets by itself."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait({self._task})
        self._task = None
        await self._try(lambda: withdraw(self._store.client, self._store.keys, self.name))

    async def _run(self) -> None:
        while True:
            await self._try(self._announce)
            await asyncio.sleep(_EVERY)

    def _announce(self) -> None:
        version, sequence = self._using()
        _, live = self._store.position()
        if live == version or self._build == "":
            # Until the view has caught up with a build that went live just now, it is still of the one before.
            self._build = self._store.last_live
        announce(self._store.client, self._store.keys, WorkerUse(self.name, self._build, version, sequence))

    async def _try(self, say: Callable[[], None]) -> None:
        def mapped() -> None:
            with redis_errors("Saying which version is used"):
                say()

        try:
            await asyncio.to_thread(mapped)
        except WaslError as exc:
            # The feed says that Redis is away; here it is only that nobody can be told.
            _LOG.debug("version in use not said", extra={"error": exc.code})


class Journal:
    """Writes what was changed since the snapshot next to it, often where little was and seldom where much was.

    Args:
        folder: Where local copies are.
        clock: Gives seconds that only grow.
    """

    def __init__(self, folder: SnapshotFolder, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock
        self._next = 0.0
        self._waiting: tuple[OverlayView, int] | None = None

    def note(self, view: OverlayView, sequence: int) -> None:
        """Write ``view``, or keep it in mind for `flush` where it was written just now."""
        self._waiting = view, sequence
        if self._clock() >= self._next:
            self.flush()

    def forget(self) -> None:
        """Drop what waits: another snapshot is in force."""
        self._waiting = None

    def flush(self) -> None:
        """Write what waits; a full disk must not keep a change from the stream of articles."""
        if self._waiting is None:
            return
        began = self._clock()
        try:
            self._folder.save_changes(*self._waiting)
        except SnapshotError as exc:
            _LOG.warning("local copy not written", extra={"error": exc.code, "detail": str(exc)})
        self._waiting = None
        ended = self._clock()
        self._next = ended + max(_LEAST_BETWEEN, (ended - began) / _SHARE)
