"""Delivering what a batch has come to: every record acknowledged, or a dead letter in its place, or the end.

A record that Kafka cannot take just now is sent again, for as long as it takes. A record that is refused may
have been refused for its company (Kafka refuses whole batches), so each of those refused is sent again alone,
by a renewed producer; an article that is refused alone becomes a dead letter, and a name found in one is left out.
What is no record's fault, a missing topic or right, and a dead letter that is refused, is raised: the process must
end without committing.
"""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from streams.errors import BrokerError, DeliveryError, PermissionRefusedError, RecordTooLargeError, TopicError
from streams.kafka.errors import translate
from streams.workers.dead import dead_letter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from streams.workers.records import InputRecord, Outcome, OutputRecord, Rules

__all__ = ["Courier", "Parcel", "Sender"]

_LOG: Final = logging.getLogger(__name__)
_FIRST_WAIT: Final = 0.2
_LONGEST_WAIT: Final = 5.0
_TRIES_ALONE: Final = 3
_NOBODYS_FAULT: Final = (TopicError, PermissionRefusedError)
_RECORDS_FAULT: Final = (RecordTooLargeError, DeliveryError)


class Sender(Protocol):
    """Whatever hands records to Kafka."""

    async def send(self, records: Sequence[OutputRecord]) -> list[Awaitable[object] | BrokerError]:
        """Hand over records, in order.

        Returns:
            For each record what ends once Kafka has acknowledged it, and fails when Kafka has refused it, which may
            be shared by several; or why the record was not even taken.

        Raises:
            BrokerError: No record can be taken, whatever it is: a topic or a right is missing.
        """
        ...

    async def renew(self) -> None:
        """Start afresh after a refusal.

        Raises:
            BrokerError: Kafka does not answer.
        """
        ...


@dataclass(slots=True)
class Parcel:
    """One record under way.

    Attributes:
        outcome: What it is part of.
        record: The record.
        answer: What ends with Kafka's answer; None where the record was not taken.
        error: Why it was not taken or was refused.
    """

    outcome: Outcome
    record: OutputRecord
    answer: Awaitable[object] | None = None
    error: BrokerError | None = None


class Courier:
    """Delivers outcomes, batch after batch.

    Args:
        sender: Hands records to Kafka.
        rules: How dead letters are made.
        now: The time, RFC 3339, UTC.
        sleep: Waits for some seconds.
        jitter: Gives a number from 0 to 1, by which waits are spread, so that workers do not come back all at once.
        on_retry: Told the error code whenever a record must be sent again.
    """

    def __init__(
        self,
        sender: Sender,
        rules: Rules,
        *,
        now: Callable[[], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        on_retry: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sender = sender
        self._rules = rules
        self._now = now
        self._sleep = sleep
        self._jitter = jitter
        self._on_retry = on_retry
        # A refusal leaves a gap in the numbering of an idempotent producer, and the broker then refuses the rest.
        self._is_broken = False

    async def post(self, outcomes: Sequence[Outcome]) -> list[Parcel]:
        """Hand all records of some outcomes to Kafka, without waiting for the answers.

        Raises:
            BrokerError: No record could be taken, whatever it is: a topic or a right is missing.
        """
        parcels = [Parcel(outcome, record) for outcome in outcomes for record in outcome.records]
        await self._hand_over(parcels)
        return parcels

    async def settle(self, parcels: list[Parcel]) -> list[Outcome]:
        """Wait until everything is acknowledged, sending again what must be.

        Returns:
            The outcomes as they were delivered: some may have become dead letters.

        Raises:
            BrokerError: What cannot be delivered; nothing of the batch may be committed.
        """
        outcomes = {id(parcel.outcome): parcel.outcome for parcel in parcels}
        wait = _FIRST_WAIT
        failed = await self._answers(parcels)
        while len(failed) > 0:
            for parcel in failed:
                if isinstance(parcel.error, _NOBODYS_FAULT):
                    raise parcel.error
            if all(parcel.error is not None and parcel.error.retriable for parcel in failed):
                await self._pause(failed, wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                await self._hand_over(failed)
                failed = await self._answers(failed)
            else:
                self._is_broken = True
                for parcel in failed:
                    at, known = id(parcel.outcome), outcomes[id(parcel.outcome)]
                    # What was made beside an article that has become a dead letter is not sent any more.
                    if known.kind == parcel.outcome.kind:
                        outcomes[at] = await self._alone(Parcel(known, parcel.record))
                failed = []
        return list(outcomes.values())

    async def _hand_over(self, parcels: list[Parcel]) -> None:
        answers = await self._sender.send([parcel.record for parcel in parcels])
        for parcel, answer in zip(parcels, answers, strict=True):
            parcel.answer, parcel.error = (None, answer) if isinstance(answer, BrokerError) else (answer, None)
            if isinstance(parcel.error, _NOBODYS_FAULT):
                raise parcel.error

    async def _answers(self, parcels: list[Parcel]) -> list[Parcel]:
        under_way = {id(parcel.answer): parcel.answer for parcel in parcels if parcel.answer is not None}
        answered = await asyncio.gather(*under_way.values(), return_exceptions=True)
        refused = {
            number: answer
            for number, answer in zip(under_way, answered, strict=True)
            if isinstance(answer, BaseException)
        }
        if len(refused) > 0:
            for parcel in parcels:
                if parcel.answer is not None and id(parcel.answer) in refused:
                    parcel.error = translate(refused[id(parcel.answer)], doing=f"to write to {parcel.record.topic}")
        return [parcel for parcel in parcels if parcel.error is not None]

    async def _pause(self, failed: list[Parcel], wait: float) -> None:
        error = failed[0].error
        code = "" if error is None else error.code
        for _ in failed:
            self._on_retry(code)
        wait *= 0.5 + self._jitter()
        _LOG.warning(
            "Kafka cannot take records just now; they are sent again",
            extra={"records": len(failed), "wait_seconds": round(wait, 3), "error": str(error)},
        )
        await self._sleep(wait)

    async def _alone(self, parcel: Parcel) -> Outcome:
        error = await self._until_refused(parcel)
        if error is None:
            return parcel.outcome
        if parcel.record is not parcel.outcome.records[0]:
            return await self._beside(parcel, error)
        if parcel.outcome.kind == "dead":
            raise DeliveryError(
                f"Kafka refuses a record for {parcel.record.topic} made from {parcel.outcome.source.position}: "
                f"{error.message}",
                remedy=f"Correct the settings of {parcel.record.topic}; nothing was committed, nothing is lost.",
            ) from error
        return await self._as_dead_letter(parcel.outcome.source, error)

    async def _beside(self, parcel: Parcel, error: BrokerError) -> Outcome:
        """Send a name that was refused without the time of its article, which its topic may refuse, or leave it out."""
        outcome, record = parcel.outcome, parcel.record
        last: BrokerError | None = error
        if record.timestamp is not None and not isinstance(error, RecordTooLargeError):
            last = await self._until_refused(Parcel(outcome, replace(record, timestamp=None)))
        if last is None:
            return outcome
        _LOG.warning(
            "a name was left out: Kafka refuses it",
            extra={
                "topic": record.topic,
                "article": str(outcome.source.position),
                "error": last.message,
                "remedy": last.remedy,
            },
        )
        others = tuple(other for other in outcome.records if other is not record)
        return replace(outcome, records=others, left_out=outcome.left_out + 1)

    async def _as_dead_letter(self, source: InputRecord, error: BrokerError) -> Outcome:
        letter = dead_letter(source, self._rules, error, now=self._now())
        # The broker may have refused the input's timestamp; the dead letter has it in its value.
        records = tuple(replace(record, timestamp=None) for record in letter.records)
        return await self._alone(Parcel(replace(letter, records=records), records[0]))

    async def _until_refused(self, parcel: Parcel) -> BrokerError | None:
        """Send a record alone until Kafka takes it (None) or has refused it for good."""
        wait, tries = _FIRST_WAIT, 0
        while True:
            error = await self._try_alone(parcel)
            if error is None:
                return None
            if error.retriable:
                parcel.error = error
                await self._pause([parcel], wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            if not isinstance(error, _RECORDS_FAULT):
                raise error
            self._is_broken = True
            tries += 1
            if tries >= _TRIES_ALONE or isinstance(error, RecordTooLargeError):
                return error
            self._on_retry(error.code)

    async def _try_alone(self, parcel: Parcel) -> BrokerError | None:
        if self._is_broken:
            try:
                await self._sender.renew()
            except BrokerError as exc:
                return exc
            self._is_broken = False
        await self._hand_over([parcel])
        await self._answers([parcel])
        return parcel.error
