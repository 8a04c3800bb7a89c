"""Blocks to results on all cores, in order, with a bounded number of blocks in memory.

Each worker is a process at the other end of a pipe of its own, which it alone holds: when this process dies, however
it dies, the pipes close and the workers end. A block is sent only to a worker that waits for one, so no two ends of
a pipe ever wait for each other.
"""

from __future__ import annotations

import gc
import multiprocessing
import queue
import signal
import threading
from collections import deque
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from streams.catalog.sources.wikidata.block import BlockResult, parse_block
from streams.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

    from streams.catalog.sources.wikidata.dump import Block
    from streams.catalog.sources.wikidata.options import ImportOptions

__all__ = ["parsed"]

_AHEAD: Final = 2
_PATIENCE: Final = 5.0


def parsed(blocks: Iterable[Block], options: ImportOptions, *, jobs: int) -> Iterator[tuple[Block, BlockResult]]:
    """Yield every block with what became of it, in the order of the blocks; its bytes are no longer needed then.

    Args:
        blocks: The blocks, which a thread of its own reads ahead.
        options: What to keep.
        jobs: Worker processes; with 1 there is none, and the work is done here.

    Raises:
        InputError: The dump cannot be read, or a worker was killed.
    """
    ahead = _Ahead(blocks)
    try:
        if jobs == 1:
            for block in ahead:
                yield block, parse_block(block.data, block.place.line, options)
        else:
            with _Pool(options, jobs) as pool:
                yield from pool.run(ahead)
    finally:
        ahead.stop()


class _Ahead:
    """Reads blocks in a thread: decompressing lets others run meanwhile."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._queue: queue.Queue[Block | BaseException | None] = queue.Queue(_AHEAD)
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(blocks,), name="wasl-dump", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Block]:
        while True:
            item = self._queue.get()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def stop(self) -> None:
        self._is_stopped.set()
        with suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._thread.join(_PATIENCE)

    def _read(self, blocks: Iterable[Block]) -> None:
        end: BaseException | None = None
        try:
            for block in blocks:
                if not self._put(block):
                    return
        except BaseException as exc:  # noqa: BLE001 - it is raised again where the blocks are wanted
            end = exc
        self._put(end)

    def _put(self, item: Block | BaseException | None) -> bool:
        while not self._is_stopped.is_set():
            try:
                self._queue.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False


class _Pool:
    def __init__(self, options: ImportOptions, jobs: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._workers: list[tuple[Any, Any]] = []
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, options), name="wasl-import", daemon=True)
            process.start()
            theirs.close()
            self._workers.append((process, ours))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for _process, connection in self._workers:
            connection.close()
        for process, _ in self._workers:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def run(self, blocks: Iterable[Block]) -> Iterator[tuple[Block, BlockResult]]:
        idle = deque(connection for _, connection in self._workers)
        busy: dict[Any, Block] = {}
        done: dict[int, tuple[Block, BlockResult]] = {}
        order: deque[int] = deque()
        for block in blocks:
            # A slow block holds up the ones after it; they must not pile up behind it.
            while len(idle) == 0 or len(done) >= 2 * len(self._workers):
                self._take(busy, idle, done)
                while len(order) > 0 and order[0] in done:
                    yield done.pop(order.popleft())
            connection = idle.popleft()
            _send(connection, block)
            busy[connection] = block
            order.append(block.place.block)
        while len(order) > 0:
            if order[0] in done:
                yield done.pop(order.popleft())
            else:
                self._take(busy, idle, done)

    def _take(self, busy: dict[Any, Block], idle: deque[Any], done: dict[int, tuple[Block, BlockResult]]) -> None:
        ready: list[Any] = wait(list(busy))
        for connection in ready:
            block = busy.pop(connection)
            try:
                result = connection.recv()
            except (EOFError, OSError) as exc:
                raise _killed(block) from exc
            done[block.place.block] = (block, result)
            idle.append(connection)


def _send(connection: Any, block: Block) -> None:
    try:
        connection.send(block.place.line)
        connection.send_bytes(block.data)
    except OSError as exc:
        raise _killed(block) from exc


def _killed(block: Block) -> InputError:
    return InputError(
        f"A worker process ended while it had lines {block.place.line:,} to {block.after.line - 1:,}.",
        remedy="Import again, which goes on where this ended; fewer --jobs need less memory.",
    )


def _work(connection: Any, options: ImportOptions) -> None:
    # Ctrl-C reaches the whole group; who reads the dump ends the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Parsed JSON has no cycles, and a fifth of the time would go into looking for some.
    gc.disable()
    with suppress(EOFError, OSError):
        while True:
            first_line = connection.recv()
            connection.send(parse_block(connection.recv_bytes(), first_line, options))
