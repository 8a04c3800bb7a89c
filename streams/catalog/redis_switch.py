"""Making a build live in Redis: one lease at a time, what editors did carried over, and one step that switches.

The lease is a key with a time to live and the token of whoever holds it. Imports, promotions and rollbacks take
it, so that while one works nobody else switches; editors need none and go on meanwhile.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError, WatchError

from streams.catalog.carry import carried
from streams.catalog.records import version_name
from streams.catalog.redis_build import CHUNK, BuildReader, queue_records, read_sum
from streams.catalog.redis_keys import FIRST_BUILD
from streams.catalog.redis_log import queue_log, touched_since
from streams.catalog.store import SwitchReport, check_cut
from streams.catalog.versions import builds_to_keep, check_kept, log_entry
from streams.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streams.catalog.records import Record
    from streams.catalog.redis_ import RedisStore
    from streams.catalog.redis_keys import BuildKeys
    from streams.catalog.store import Note

__all__ = [
    "BUILDING",
    "COMPLETE",
    "LEASE",
    "REMOVING",
    "STAGED",
    "Lease",
    "collect",
    "collect_after",
    "lay_down",
    "leased",
    "remove",
    "switch",
]

LEASE: Final = 60_000
"""How long an import or a promotion may be silent before another may begin, in milliseconds."""

_READS: Final = 500
"""Records that are read one by one before the lease is kept again: far from a second, also over a slow line."""

BUILDING: Final = b"building"
STAGED: Final = b"staged"
COMPLETE: Final = b"complete"
REMOVING: Final = b"removing"


class Lease:
    """The right to switch builds.

    Args:
        store: The store.
        token: What says that it is ours.
    """

    def __init__(self, store: RedisStore, token: str) -> None:
        self._client = store.client
        self._key = store.keys.importing
        self.token = token

    def renew(self, pipe: Any) -> None:
        """Queue the commands that keep it; the last answer is for `check`."""
        pipe.pexpire(self._key, LEASE)
        pipe.get(self._key)

    def keep(self) -> None:
        """Keep it at once, in a round trip of its own; whoever works for long calls this now and then.

        Raises:
            ConflictError: It was lost.
        """
        pipe = self._client.pipeline(transaction=False)
        self.renew(pipe)
        self.check(pipe.execute()[-1])

    def holds(self, token: bytes | None) -> bool:
        """Whether the lease is still ours, by the token that is there."""
        return token == self.token.encode()

    def check(self, token: bytes | None) -> None:
        """Raise unless the lease is still ours.

        Raises:
            ConflictError: It was lost.
        """
        if not self.holds(token):
            raise ConflictError(
                f"This was silent for more than {LEASE // 1000} s, and another import or promotion may have begun.",
                remedy="Begin again.",
            )


@contextmanager
def leased(store: RedisStore, *, cut: int | None = None) -> Iterator[Lease]:
    """Hold the lease.

    Args:
        store: The store.
        cut: Sequence of the catalogue that something was worked out from; None means that no catalogue was asked.

    Raises:
        ConflictError: Somebody else holds it, or another build went live since ``cut``.
    """
    token = secrets.token_hex(8)
    is_ours = store.client.set(store.keys.importing, token, nx=True, px=LEASE) is not None
    # It may have been sent again, since an answer was lost.
    if not is_ours and store.client.get(store.keys.importing) != token.encode():
        raise ConflictError(
            "Another import or promotion is running.",
            remedy=f"Wait for it; if it has died, {LEASE // 1000} s are enough.",
        )
    try:
        check_cut(cut, since=int(store.client.hget(store.live_keys().info, "since") or 0))
        yield Lease(store, token)
    finally:
        # What was done is done, and what failed says why itself; where Redis is away, the lease expires.
        with suppress(RedisError, OSError):
            if store.client.get(store.keys.importing) == token.encode():
                store.client.delete(store.keys.importing)


def switch(store: RedisStore, lease: Lease, build: str, *, action: str, note: Note) -> SwitchReport:
    """Make ``build`` live, with what editors have touched since it was cut off.

    Args:
        store: The store.
        lease: The lease, held.
        build: The build.
        action: ``import``, ``promote`` or ``rollback``, for the log.
        note: Who does it, why and when.

    Raises:
        ConflictError: The lease was lost.
        EditError: Some of the build was removed already, or all of it.
    """
    new, old = store.build_keys(build), store.live_keys()
    over: set[str] = set()
    while True:
        _check_whole(store, store.client, lease, build)
        sequence = int(store.client.get(store.keys.sequence) or 0)
        cut = int(store.client.hget(new.info, "cut") or 0)
        over.update(_carry(store, lease, touched_since(store.client, store.keys, cut), old=old, new=new))
        store.client.hset(new.info, "cut", sequence)
        try:
            version = _go_live(store, lease, build, sequence, action=action, note=note)
        except WatchError:
            if store.live() == build:
                # It was done, and the answer was lost.
                sequence, version = store.position()
                return SwitchReport(build, version, sequence, len(over))
            continue
        return SwitchReport(build, version, sequence + 1, len(over))


def _check_whole(store: RedisStore, client: Any, lease: Lease, build: str) -> None:
    """Raise unless the lease is ours and nobody began to remove the build; ``client`` may be a watching pipeline."""
    lease.check(client.get(store.keys.importing))
    state = client.hget(store.keys.builds, build)
    check_kept(build, None if state is None else state.decode())


class _KeepingReader(BuildReader):
    """Keeps the lease while it reads: editors may have touched any number of records."""

    def __init__(self, client: Any, keys: BuildKeys, lease: Lease) -> None:
        super().__init__(client, keys)
        self._lease = lease
        self._left = _READS

    def record(self, entity_id: str) -> Record | None:
        self._left -= 1
        if self._left == 0:
            self._left = _READS
            self._lease.keep()
        return super().record(entity_id)


def _carry(store: RedisStore, lease: Lease, touched: Iterator[str], *, old: BuildKeys, new: BuildKeys) -> set[str]:
    live, target = (_KeepingReader(store.client, keys, lease) for keys in (old, new))
    records = carried(touched, live=live, target=target)
    lay_down(store, lease, new, records)
    return {record.id for record in records}


def lay_down(store: RedisStore, lease: Lease, new: BuildKeys, records: Sequence[Record]) -> None:
    """Write records over what a build holds under their ids, and keep the lease.

    Raises:
        ConflictError: The lease was lost.
    """
    for start in range(0, len(records), CHUNK):
        while True:
            try:
                with store.client.pipeline(transaction=True) as pipe:
                    pipe.watch(store.keys.importing, new.info)
                    lease.check(pipe.get(store.keys.importing))
                    queue_records(pipe, new, records[start : start + CHUNK])
                    pipe.pexpire(store.keys.importing, LEASE)
                    pipe.execute()
                break
            except WatchError:
                continue


def _go_live(store: RedisStore, lease: Lease, build: str, sequence: int, *, action: str, note: Note) -> str:
    """Switch in one transaction, unless something was changed after ``sequence``; return the version."""
    keys = store.keys
    with store.client.pipeline(transaction=True) as pipe:
        pipe.watch(keys.sequence, keys.live, keys.importing, keys.builds)
        _check_whole(store, pipe, lease, build)
        if int(pipe.get(keys.sequence) or 0) != sequence:
            raise WatchError
        gone = (pipe.get(keys.live) or FIRST_BUILD.encode()).decode()
        new, old = store.build_keys(build), store.build_keys(gone)
        version = version_name(read_sum(pipe.hget(new.info, "sum")))
        pipe.multi()
        pipe.set(keys.live, build)
        pipe.hset(keys.builds, build, COMPLETE)
        pipe.hset(new.info, "since", sequence + 1)
        if sequence > 0:
            # What the build that goes holds, and since when another is in its place.
            pipe.hset(keys.builds, gone, COMPLETE)
            pipe.hset(old.info, mapping={"cut": sequence, "left": sequence + 1})
            if action != "rollback":
                pipe.hset(new.info, "before", gone)
        store.queue_entry(pipe, sequence + 1, version=version, records=(), change=None)
        queue_log(pipe, keys, log_entry(sequence + 1, (action, build, note), (), version), token=lease.token)
        pipe.set(keys.sequence, sequence + 1)
        pipe.execute()
    return version


def collect_after(store: RedisStore, lease: Lease, *, keep: int) -> None:
    """Do what `collect` does behind something that is done and stays so; where it fails, the next goes on with it."""
    with suppress(RedisError, OSError):
        collect(store, lease, keep=keep)


def collect(store: RedisStore, lease: Lease, *, keep: int) -> None:
    """Remove the builds that nobody needs, for as long as the lease is ours."""
    builds: dict[str, tuple[str, int]] = {}
    for name, state in store.client.hgetall(store.keys.builds).items():
        left = store.client.hget(store.build_keys(name.decode()).info, "left")
        builds[name.decode()] = state.decode(), int(left or 0)
    used = {use.build for use in store.workers()}
    kept = builds_to_keep(builds, live=store.live(), keep=keep, used=used)
    for build in sorted(set(builds) - kept, key=int):
        if not _begin_removing(store, lease, build):
            return
        remove(store, build)


def _begin_removing(store: RedisStore, lease: Lease, build: str) -> bool:
    """Note that a build is not whole from now on, before the first of its keys goes.

    Returns:
        Whether it may go; not where the lease is lost, since another may have promoted it.
    """
    while True:
        try:
            with store.client.pipeline(transaction=True) as pipe:
                pipe.watch(store.keys.importing)
                if not lease.holds(pipe.get(store.keys.importing)):
                    return False
                pipe.multi()
                pipe.hset(store.keys.builds, build, REMOVING)
                pipe.execute()
        except WatchError:
            continue
        return True


def remove(store: RedisStore, build: str) -> None:
    """Remove every key of a build that nobody can promote; what dies meanwhile is gone on with by `collect`."""
    every = list(store.build_keys(build).all())
    for start in range(0, len(every), CHUNK):
        store.client.unlink(*every[start : start + CHUNK])
    store.client.hdel(store.keys.builds, build)
    store.forget_build(build)
