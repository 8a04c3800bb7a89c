"""Progress of what takes long: importing into Redis, and compiling the snapshot; on a terminal alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.publish import Published
    from streams.catalog.redis_ import RedisStore

__all__ = ["publish_shown", "shown"]

_Item = TypeVar("_Item")
_STEP = 500


def shown(items: Iterable[_Item], *, total: int, label: str) -> Iterator[_Item]:
    """Yield ``items``, with a bar on standard error that says how many of ``total`` there were and the time left."""
    with click.progressbar(length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        waiting = 0
        for item in items:
            yield item
            waiting += 1
            if waiting == _STEP:
                bar.update(waiting)
                waiting = 0
        bar.update(waiting)


def publish_shown(store: RedisStore) -> Published:
    """Compile what ``store`` holds, put the snapshot into Redis and return it, with a bar on standard error.

    Raises:
        ConflictError: Imports kept replacing the catalogue meanwhile.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    from streams.catalog.publish import publish  # noqa: PLC0415 - help must not wait for it

    with click.progressbar(length=1, label="compiling", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def progress(done: int, of: int) -> None:
            # Changes that came meanwhile make it read again from the beginning.
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        published = publish(store, progress=progress)
        bar.update((bar.length or 0) - bar.pos)
    return published
