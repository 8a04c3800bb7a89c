"""What happens with each batch: link it, hand it to Kafka, and let the next be linked while Kafka answers.

A batch is handed over only once everything made from the one before is acknowledged, so that records of one key keep
their order whatever had to be sent again; its offsets are released when everything made from it is acknowledged.
Nothing may escape: what cannot be delivered ends the process at once, without committing.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Final

from streams.workers.article import process_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.events.ids import RecordPosition
    from streams.metrics import WorkerMetrics
    from streams.workers.deliver import Courier, Parcel
    from streams.workers.ports import Catalog
    from streams.workers.records import InputRecord, Outcome, Rules
    from streams.workers.state import WorkerState
    from streams.workers.traces import Traces

__all__ = ["BatchLoop", "rfc3339_now"]

_BREATH: Final = 0.002  # seconds of linking after which health, metrics and deliveries get their turn
_LONGEST: Final = 0.1  # seconds of linking after which what is there goes out
_FEW: Final = 32  # with no more records than this there is no backlog, and what is linked goes out sooner
_SOON: Final = 0.02  # seconds; every part costs a request to Kafka
_TURNS: Final = 4  # of the event loop, until aiokafka has laid a request on the wire


def rfc3339_now() -> str:
    """Return the time in UTC, RFC 3339, in milliseconds."""
    return dt.datetime.now(tz=dt.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class BatchLoop:
    """Handles batches, one after the other.

    Args:
        rules: What holds for every record.
        catalog: Gives the catalogue; asked once a batch.
        courier: Delivers.
        done: Told the positions of a batch's records when everything made from them is acknowledged.
        fail: Told what keeps a batch from being delivered; ends the process.
        metrics: What is counted.
        state: What the endpoint shows.
        now: The time, RFC 3339, UTC.
        traces: Told every batch that was delivered; None where nobody traces.
        goes_on: Whether partitions are still this worker's; what is not yet linked when they are not is left alone, and
            read again by whoever has them next.
    """

    def __init__(
        self,
        rules: Rules,
        catalog: Catalog,
        courier: Courier,
        *,
        done: Callable[[Sequence[RecordPosition]], None],
        fail: Callable[[BaseException], None],
        metrics: WorkerMetrics,
        state: WorkerState,
        now: Callable[[], str] = rfc3339_now,
        traces: Traces | None = None,
        goes_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self._rules = rules
        self._catalog = catalog
        self._courier = courier
        self._done = done
        self._fail = fail
        self._metrics = metrics
        self._state = state
        self._now = now
        self._traces = traces
        self._goes_on = goes_on
        self._delivery: asyncio.Task[None] | None = None

    async def handle(self, records: Sequence[InputRecord]) -> None:
        """Link a batch, and hand it over once the batch before is acknowledged.

        A batch that takes long to link is handed over in parts.
        """
        self._state.in_hand += len(records)
        try:
            self._metrics.count_taken([record.timestamp for record in records])
            left: Sequence[InputRecord] = records
            while len(left) > 0 and self._goes_on():
                left = await self._link(left)
            self._state.in_hand -= len(left)
        except Exception as exc:  # noqa: BLE001 - see the head of this module
            self._fail(exc)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        if self._delivery is not None:
            await asyncio.wait({self._delivery})

    async def _link(self, records: Sequence[InputRecord]) -> Sequence[InputRecord]:
        """Link records for a while, hand them over, and return those that are left."""
        rules, clock = self._rules, self._rules.clock
        began = breathed = clock()
        view, now = self._catalog.view, self._now()
        longest = _LONGEST if len(records) > _FEW else _SOON
        outcomes = []
        for record in records:
            outcomes.append(process_record(record, rules, view, now=now))
            passed = clock()
            if passed - began > longest:
                break
            if passed - breathed > _BREATH:
                await asyncio.sleep(0)
                breathed = clock()
        linked = records[: len(outcomes)]
        await self.idle()
        posted = self._state.delivering_since = clock()
        parcels = await self._courier.post(outcomes)
        self._delivery = asyncio.ensure_future(self._deliver(linked, parcels, began, posted))
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        return records[len(outcomes) :]

    async def _deliver(
        self, records: Sequence[InputRecord], parcels: list[Parcel], began: float, posted: float
    ) -> None:
        try:
            outcomes = await self._courier.settle(parcels)
        except Exception as exc:  # noqa: BLE001 - see the head of this module
            self._fail(exc)
            return
        self._done([record.position for record in records])
        self._state.in_hand -= len(records)
        self._state.delivering_since = None
        ended = self._rules.clock()
        self._count(outcomes, ended - began, ended - posted)
        if self._traces is not None:
            self._traces.record(outcomes, deliver_seconds=ended - posted)

    def _count(self, outcomes: Sequence[Outcome], batch_seconds: float, deliver_seconds: float) -> None:
        metrics = self._metrics
        enriched = [outcome for outcome in outcomes if outcome.kind == "enriched"]
        for outcome in outcomes:
            if outcome.kind == "tombstone":
                metrics.tombstones.inc()
            elif outcome.kind == "dead":
                metrics.dead_letters.labels(outcome.code).inc()
        metrics.count_enriched(
            [outcome.found for outcome in enriched if outcome.found is not None],
            unlinked=sum(len(outcome.records) - 1 for outcome in enriched),
            left_out=sum(outcome.left_out for outcome in enriched),
            decode=[outcome.decode_seconds for outcome in enriched],
            link=[outcome.link_seconds for outcome in enriched],
            encode=[outcome.encode_seconds for outcome in enriched],
        )
        metrics.count_batch(batch_seconds=batch_seconds, deliver_seconds=deliver_seconds)
