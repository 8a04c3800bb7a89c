"""What a worker holds of the catalogue: a view that is always there and always fresh.

Loading takes the cheapest way that leads to the live version: the local copy, a snapshot from Redis, or
compiling the store's records. From then on the change stream is followed; each batch of changes becomes a
new overlay off the event loop, and one attribute is swapped. The version after every batch is compared
with the store's, so a feed that has missed something notices, and loads anew.

With Redis away, or without a catalogue in it, the last view stays, or the local copy is loaded;
`CatalogFeed.state` says so, and since when. That a Redis was emptied is an accident, never a change.

Length: one state with its transitions, which are short.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from streams.catalog.feed_load import filled_position, load_current, reload_pays
from streams.catalog.feed_say import Herald, Journal
from streams.catalog.folder import SnapshotFolder
from streams.catalog.redis_ import RedisStore, connect
from streams.catalog.redis_errors import redis_errors
from streams.catalog.redis_stream import read_steps
from streams.errors import EmptyStoreError, SnapshotError, StoreUnavailableError, WaslError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.catalog.folder import SnapshotUse
    from streams.catalog.overlay import OverlayView
    from streams.settings import RedisSettings

__all__ = ["CatalogFeed", "FeedState"]

_LOG = logging.getLogger(__name__)
_FIRST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0
_BATCH: Final = 1_000
# Under a flood of changes as many views a second as this come one after the other; a single change waits for none.
_LEAST_BETWEEN_SWAPS: Final = 0.1


@dataclass(frozen=True, slots=True)
class FeedState:
    """How fresh the view is.

    Attributes:
        version: Name of the version in force.
        sequence: Sequence of the last change in it.
        changed: Records in the overlay.
        connected: Whether changes arrive.
        last_error: Code of the last error, None where there was none since the feed connected.
        age: Seconds since the view was last known to be current; 0 while connected.
        snapshot: The snapshot below the view.
    """

    version: str
    sequence: int
    changed: int
    connected: bool
    last_error: str | None
    age: float
    snapshot: SnapshotUse


class CatalogFeed:
    """The catalogue, kept fresh in the background.

    Args:
        settings: Where Redis is.
        folder: Where local copies are kept.
        clock: Gives the seconds since the epoch.
        jitter: Gives a number from 0 to 1, by which waits are spread.
        poll: How often the position is checked where nothing changes, in seconds.
        timeout: Longest wait for Redis to answer, in seconds.
    """

    def __init__(
        self,
        settings: RedisSettings,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        poll: float = 5.0,
        timeout: float = 5.0,
    ) -> None:
        self._settings = settings
        self._store = RedisStore(connect(settings, timeout=timeout), prefix=settings.prefix, where=settings.masked_url)
        self._folder = SnapshotFolder(folder)
        self._clock = clock
        self._jitter = jitter
        self._journal = Journal(self._folder, time.monotonic)
        self._herald = Herald(self._store, lambda: (self.view.version, self._sequence))
        self._poll = poll
        self._timeout = timeout
        self._view: OverlayView | None = None
        self._sequence = 0
        self._connected = False
        self._last_error: WaslError | None = None
        self._current_at = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def view(self) -> OverlayView:
        """The catalogue as of now.

        Raises:
            SnapshotError: The feed was not started.
        """
        if self._view is None:
            raise SnapshotError("No catalogue is loaded yet.", remedy="Start the feed first.")
        return self._view

    @property
    def is_live(self) -> bool:
        """Whether changes arrive; False where the last known catalogue is used because the store is away."""
        return self._connected and self._task is not None and not self._task.done()

    @property
    def reason(self) -> str | None:
        """Why changes do not arrive; None where they do."""
        return None if self.is_live or self._last_error is None else self._last_error.message

    @property
    def state(self) -> FeedState:
        """How fresh the view is."""
        return FeedState(
            version=self.view.version,
            sequence=self._sequence,
            changed=self.view.changed_count,
            connected=self.is_live,
            last_error=None if self._last_error is None else self._last_error.code,
            age=0.0 if self.is_live else max(0.0, self._clock() - self._current_at),
            snapshot=self._folder.use(self.view),
        )

    def preload(self) -> None:
        """Load a catalogue before any event loop runs: processes that are forked afterwards share its memory.

        Raises:
            CatalogError: Neither the store nor the local copy has a catalogue.
        """
        try:
            self._load()
        finally:
            # A connection is no child's to inherit.
            self._store.client.close()

    def _load(self) -> None:
        try:
            self._view, self._sequence = load_current(self._store, self._folder)
            self._current_at = self._clock()
        except (StoreUnavailableError, EmptyStoreError) as exc:
            self._failed(exc)
            local = self._folder.load()
            if local is None:
                raise type(exc)(f"{exc.message} {self._no_copy()}", remedy=exc.remedy) from exc
            self._view, self._sequence, self._current_at = local.view, local.sequence, local.saved_at
            age = round(max(0.0, self._clock() - local.saved_at), 1)
            _LOG.warning(
                "catalogue taken from the local copy",
                extra={"version": local.view.version, "sequence": local.sequence, "age_seconds": age},
            )

    async def start(self) -> None:
        """Load a catalogue, unless one was preloaded, and begin to follow its changes.

        Raises:
            CatalogError: Neither the store nor the local copy has a catalogue.
        """
        if self._view is None:
            await asyncio.to_thread(self._load)
            if self._last_error is None:
                self._now_current()
        self._task = asyncio.create_task(self._follow(), name="catalogue feed")
        self._task.add_done_callback(_report)
        self._herald.start()

    def _no_copy(self) -> str:
        if len(self._folder.damaged) == 0:
            return f"There is no local copy in {self._folder.path} either."
        return f"The local copy cannot be used either: {' '.join(self._folder.damaged)}"

    async def stop(self) -> None:
        """Stop following; the view stays."""
        if self._task is not None:
            # While it connects, redis-py can turn a cancellation into a connection error: ask until it has ended.
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait({self._task}, timeout=0.1)
            self._task = None
            await self._herald.stop()
            await asyncio.to_thread(self._journal.flush)
        self._connected = False
        self._store.client.close()

    async def _follow(self) -> None:
        wait = _FIRST_WAIT
        while True:
            error = await self._attempt()
            if self._connected:
                wait = _FIRST_WAIT
            if error is not None:
                self._failed(error)
                await asyncio.sleep(wait * (0.5 + self._jitter()))
                wait = min(2 * wait, _LONGEST_WAIT)

    async def _attempt(self) -> WaslError | None:
        """Follow the stream until that fails; return why, or None where a new beginning may follow at once."""
        try:
            await self._tail()
        except SnapshotError as exc:
            # Something was missed, or the catalogue was imported anew; everything is in the store.
            self._failed(exc)
        except WaslError as exc:
            return exc
        try:
            await self._reload()
        except WaslError as exc:
            return exc
        return None

    async def _tail(self) -> None:
        """Follow the stream until something goes wrong.

        Raises:
            SnapshotError: Changes are missing between the view and the stream.
            EmptyStoreError: The store holds no catalogue any more.
            CatalogError: Redis cannot be reached or refuses.
        """
        client: Any = AsyncRedis.from_url(
            self._settings.url,
            protocol=2,
            socket_timeout=self._poll + self._timeout,
            socket_connect_timeout=self._timeout,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            await self._check_position()
            while True:
                began = time.monotonic()
                with redis_errors("Following the catalogue's changes"):
                    # One entry says that there are some; reading many at once is for the thread.
                    rings = await client.xread(
                        {self._store.keys.changes: f"{self._sequence}-0"},
                        count=1,
                        block=max(1, int(self._poll * 1000)),
                    )
                if len(rings) == 0:
                    await self._check_position()
                    await asyncio.to_thread(self._journal.flush)
                else:
                    await self._advance()
                    await asyncio.sleep(
                        max(0.0, min(_LEAST_BETWEEN_SWAPS, began + _LEAST_BETWEEN_SWAPS - time.monotonic()))
                    )
        finally:
            await client.aclose()

    async def _check_position(self) -> None:
        sequence, version = await asyncio.to_thread(filled_position, self._store)
        # Equal sequences with different versions: not the Redis that this view came from.
        if sequence < self._sequence or (sequence == self._sequence and version != self.view.version):
            raise SnapshotError(
                f"The store is at change {sequence} ({version}), and the view at {self._sequence}"
                f" ({self.view.version}).",
                remedy="The catalogue is loaded anew.",
            )
        if sequence == self._sequence:
            self._now_current()

    async def _advance(self) -> None:
        self._swap(*await asyncio.to_thread(self._next, self.view, self._sequence))
        if await asyncio.to_thread(reload_pays, self._store, self.view):
            await self._reload()

    def _next(self, view: OverlayView, sequence: int) -> tuple[OverlayView, int]:
        """Return the view after the next changes, and the sequence of the last."""
        steps = read_steps(self._store.client, self._store.keys, after=sequence, most=_BATCH)
        if len(steps) == 0 or steps[0].sequence != sequence + 1 or not all(step.is_change for step in steps):
            raise SnapshotError(
                f"Change {sequence + 1} cannot be applied: the stream goes on without it, or the catalogue was"
                " imported anew.",
                remedy="The catalogue is loaded anew.",
            )
        last = steps[-1]
        view = view.with_records(record for step in steps for record in step.records)
        if view.version != last.version:
            raise SnapshotError(
                f"After change {last.sequence} the view is {view.version}, and the store {last.version}.",
                remedy="The catalogue is loaded anew.",
            )
        self._journal.note(view, last.sequence)
        return view, last.sequence

    async def _reload(self) -> None:
        self._journal.forget()
        self._swap(*await asyncio.to_thread(load_current, self._store, self._folder))

    def _swap(self, view: OverlayView, sequence: int) -> None:
        self._view, self._sequence = view, sequence
        self._now_current()
        _LOG.info("catalogue swapped", extra={"version": view.version, "sequence": sequence})

    def _now_current(self) -> None:
        if self._last_error is not None:
            away = round(max(0.0, self._clock() - self._current_at), 1)
            _LOG.info("catalogue followed again", extra={"version": self.view.version, "away_seconds": away})
        self._connected, self._last_error, self._current_at = True, None, self._clock()
        self._folder.touch(self._current_at)

    def _failed(self, error: WaslError) -> None:
        if self._connected or self._last_error is None or self._last_error.code != error.code:
            _LOG.warning("catalogue no longer followed", extra={"error": error.code, "detail": str(error)})
        self._connected, self._last_error = False, error


def _report(task: asyncio.Task[None]) -> None:
    """Log what ended the feed other than `CatalogFeed.stop`: it would be a defect, and must not pass in silence."""
    if not task.cancelled() and task.exception() is not None:
        _LOG.error("catalogue feed ended", exc_info=task.exception())
