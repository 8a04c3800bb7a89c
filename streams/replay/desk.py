"""The desk at which dead letters are worked on: they are read, replayed and dropped here.

A replay is carried out in rounds. Each begins with marks of what is intended, goes on with the records, and
ends with marks of where they stand. A process that dies in between leaves intentions; the next one looks in
the records' topic whether they were carried out, by the header that names the letter, and sends no record twice.
Where two replay at once, `streams.replay.intentions` says whose a letter is.
"""

from __future__ import annotations

import time
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from streams.errors import EventError
from streams.events.dead import decode_dead_letter
from streams.events.envelope import LETTER_HEADER, read_envelope
from streams.events.ids import RecordPosition
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.producer import write_records
from streams.kafka.spans import Point, Span, find_spans, read_spans
from streams.replay.intentions import MAY_RUN, Intentions
from streams.replay.letters import make_letter
from streams.replay.marks import Mark
from streams.replay.marks_log import MarksLog
from streams.replay.moments import milliseconds
from streams.replay.pace import Pace
from streams.replay.plan import is_open, replay_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from streams.replay.letters import Letter
    from streams.settings import KafkaSettings

__all__ = ["Desk", "Replayed", "open_desk"]

_ROUND: Final = 100
_LONG_AGO: Final = 3_600_000  # milliseconds; clocks of those who are alive do not differ by that


@dataclass(frozen=True, slots=True)
class Replayed:
    """A letter that was replayed.

    Attributes:
        letter: The letter.
        into: Where its record stands now.
        is_new: False where an earlier run had written it and died before it could say so.
    """

    letter: Letter
    into: RecordPosition
    is_new: bool = True


class Desk:
    """Dead letters and marks, as they were when the desk was opened, and what can be done about them.

    Attributes:
        letters: The dead letters, in the order in which they stand; copies are one.
        unreadable: Records of the topic that are no dead letters.
        left: Letters that were left to another call, which began or decided something about them meanwhile.
    """

    def __init__(self, kafka: KafkaSettings, consumer: Any, stack: ExitStack, *, now: Callable[[], str]) -> None:
        self._kafka = kafka
        self._consumer = consumer
        self._log = MarksLog(kafka, consumer, stack)
        self._now = now
        self.letters: list[Letter] = []
        self.unreadable: list[RecordPosition] = []
        self.left: list[Letter] = []

    @property
    def marks(self) -> dict[str, Mark]:
        """What was decided about the letters, by their ids."""
        return self._log.marks

    def load(self) -> None:
        """Read the letters and the marks.

        Raises:
            TopicError: There is no topic of dead letters.
            BrokerError: Kafka cannot be read.
        """
        found: dict[str, Letter] = {}
        for record in read_records(self._consumer, [self._kafka.topics.dead]):
            position = RecordPosition(record.topic, record.partition, record.offset)
            try:
                content = decode_dead_letter(record.value or b"")
            except EventError:
                self.unreadable.append(position)
                continue
            envelope = read_envelope(record.headers)
            letter = make_letter(content, position, event=None if envelope is None else envelope.id)
            known = found.get(letter.id)
            if known is not None:
                events = tuple(dict.fromkeys((*known.events, *letter.events)))
                letter = replace(letter, copies=known.copies + 1, events=events)
            found[letter.id] = letter
        self.letters = list(found.values())
        self._log.load()

    def replay(
        self,
        letters: Sequence[Letter],
        *,
        author: str | None = None,
        rate: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> Iterator[Replayed]:
        """Write the records of some letters back to where they were read, and remember it.

        What another call has begun or decided since the desk was opened is left to that.

        Args:
            letters: Which; see `streams.replay.plan.plan_replay`.
            author: Who does it.
            rate: Records a second; None for as many as Kafka takes.
            sleep: Waits for some seconds.
            clock: Monotonic time in seconds.

        Raises:
            BrokerError: A record could not be written; the letters yielded before it are replayed and marked.
        """
        self._wait_for_others(letters, sleep)
        begun = [letter for letter in letters if self._is_begun(letter) and not self._log.is_taken(letter.id)]
        pending = dict(self._carried_out(begun))
        for letter in letters:
            if letter.id in pending:
                self._log.put(self._mark(letter, "replayed", author=author, into=pending[letter.id]))
                yield Replayed(letter, pending[letter.id], is_new=False)
        left = [letter for letter in letters if letter.id not in pending]
        pace = Pace(rate, clock=clock)
        size = _ROUND if rate is None else max(1, min(_ROUND, int(rate)))
        for start in range(0, len(left), size):
            yield from self._round(left[start : start + size], author, partial(_keep, pace, sleep), clock)

    def drop(self, letters: Sequence[Letter], *, author: str, reason: str) -> None:
        """Remember that nothing is to be done about some letters; they stay where they are.

        What another call has replayed or dropped since the desk was opened is left so.

        Raises:
            BrokerError: Kafka does not take it.
        """
        self._log.follow()
        decided = {letter.id for letter in letters if self._log.is_decided(letter.id)}
        self.left.extend(letter for letter in letters if letter.id in decided)
        free = (letter for letter in letters if letter.id not in decided)
        self._log.put(*(self._mark(letter, "dropped", author=author, reason=reason) for letter in free))

    def reopen(self, letters: Sequence[Letter], *, author: str, reason: str) -> None:
        """Take a decision back, also one of another call since: the letters are open again.

        Raises:
            BrokerError: Kafka does not take it.
        """
        self._log.follow()
        self._log.put(*(self._mark(letter, "reopened", author=author, reason=reason) for letter in letters))

    def is_open(self, letter: Letter) -> bool:
        """Whether nothing was decided about a letter yet."""
        return is_open(letter, self.marks)

    def _round(
        self, letters: Sequence[Letter], author: str | None, keep_pace: Callable[[], None], clock: Callable[[], float]
    ) -> Iterator[Replayed]:
        keep_pace()  # before the intentions, which hold for seconds alone
        # The ends come first: whoever begins after the marks were read writes behind them.
        ends = {
            topic: tuple((number, span.end) for number, span in self._now_ends(topic).items())
            for topic in {letter.content.origin.topic for letter in letters}
        }
        intentions = Intentions(
            self._log,
            lambda letter: self._mark(letter, "begun", author=author, ends=ends[letter.content.origin.topic]),
            clock=clock,
        )
        intentions.declare(letters)
        sent = 0
        for at, letter in enumerate(letters):
            if sent > 0 and intentions.has(letter):
                keep_pace()
            if intentions.is_old:
                intentions.declare(letters[at:])
            if not intentions.has(letter):
                self.left.append(letter)
                continue
            topic = letter.content.origin.topic
            record = replay_record(letter)
            if record.partition not in dict(ends[topic]):
                record = replace(record, partition=None)
            [written] = write_records(self._log.producer, topic, [record])
            sent += 1
            into = RecordPosition(written.topic, written.partition, written.offset)
            self._log.put(self._mark(letter, "replayed", author=author, into=into))
            yield Replayed(letter, into)

    def _wait_for_others(self, letters: Sequence[Letter], sleep: Callable[[float], None]) -> None:
        """Give those who may be at some of the letters the time to say that they have done it."""
        begun = [milliseconds(self.marks[letter.id].at) for letter in letters if self._is_begun(letter)]
        # Times are of the clocks of others, and say no more than that somebody was alive about then.
        if any(milliseconds(self._now()) - at < _LONG_AGO for at in begun):
            sleep(MAY_RUN)
            self._log.follow()

    def _carried_out(self, letters: Sequence[Letter]) -> Iterator[tuple[str, RecordPosition]]:
        """Yield those of some begun letters whose record was written, and where."""
        by_topic: dict[str, list[Letter]] = defaultdict(list)
        for letter in letters:
            by_topic[letter.content.origin.topic].append(letter)
        for topic, members in by_topic.items():
            wanted: dict[bytes, list[Letter]] = defaultdict(list)
            for letter in members:
                wanted[letter.id.encode()].append(letter)
                # Records that Wasl sent before ids of letters held the record name its position.
                wanted[letter.place_id.encode()].append(letter)
            first: dict[int, int] = {}
            for letter in members:
                for number, end in self.marks[letter.id].ends:
                    first[number] = min(end, first.get(number, end))
            spans = {
                number: Span(max(span.start, first.get(number, 0)), span.end)
                for number, span in find_spans(self._consumer, topic, Point(offset=0), Point()).items()
            }
            for record in read_spans(self._consumer, topic, spans):
                name = dict(record.headers).get(LETTER_HEADER)
                for letter in () if name is None else wanted.get(name, ()):
                    origin = letter.content.origin
                    if name != letter.id.encode() and (record.key, record.value) != (origin.key, origin.value):
                        continue
                    # What stands before its own intention was written by an earlier replay of it.
                    if record.offset >= dict(self.marks[letter.id].ends).get(record.partition, 0):
                        yield letter.id, RecordPosition(record.topic, record.partition, record.offset)

    def _is_begun(self, letter: Letter) -> bool:
        mark = self.marks.get(letter.id)
        return mark is not None and mark.action == "begun"

    def _now_ends(self, topic: str) -> dict[int, Span]:
        return find_spans(self._consumer, topic, Point(), Point())

    def _mark(self, letter: Letter, action: str, **fields: Any) -> Mark:
        return Mark(letter.id, action, self._now(), **fields)


def _keep(pace: Pace, sleep: Callable[[float], None]) -> None:
    wait = pace.wait()
    if wait > 0:
        sleep(wait)


@contextmanager
def open_desk(kafka: KafkaSettings, *, now: Callable[[], str]) -> Iterator[Desk]:
    """Open the desk with all letters and marks on it.

    Args:
        kafka: How to reach Kafka, and the names of the topics.
        now: The time, RFC 3339, UTC.

    Raises:
        TopicError: There is no topic of dead letters.
        BrokerError: Kafka cannot be read.
    """
    with ExitStack() as stack:
        desk = Desk(kafka, stack.enter_context(open_consumer(kafka)), stack, now=now)
        desk.load()
        yield desk
