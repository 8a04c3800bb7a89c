"""The topic of marks: what was decided before, what is decided here, and what others decide meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.errors import EventError, TopicError
from streams.kafka.admin import create_topics, describe_topics, open_admin
from streams.kafka.consumer import find_partitions, read_records
from streams.kafka.producer import Record, open_producer, write_records
from streams.kafka.spans import Point, Span, find_spans, read_spans
from streams.kafka.topics import TopicSpec
from streams.replay.marks import decode_mark, encode_mark, marks_topic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import ExitStack

    from streams.kafka.consumer import StoredRecord
    from streams.replay.marks import Mark
    from streams.settings import KafkaSettings

__all__ = ["MarksLog"]

_DECIDED: Final = frozenset({"replayed", "dropped"})


class MarksLog:
    """The marks of all letters, and whose the new ones are.

    Args:
        kafka: How to reach Kafka, and the names of the topics.
        consumer: From `streams.kafka.consumer.open_consumer`.
        stack: Closes what is opened here.

    Attributes:
        marks: The last mark of each letter, by its id.
    """

    def __init__(self, kafka: KafkaSettings, consumer: Any, stack: ExitStack) -> None:
        self._kafka = kafka
        self._consumer = consumer
        self._stack = stack
        self._topic = marks_topic(kafka.topics.dead)
        self._producer: Any = None
        self._next: dict[int, int] = {}
        self._own: set[tuple[int, int]] = set()
        self._foreign: dict[str, tuple[int, Mark]] = {}  # offset of the first, and the last
        self.marks: dict[str, Mark] = {}

    @property
    def producer(self) -> Any:
        """The producer, also for the records of letters; it makes the topic first where there is none."""
        self.connect()
        return self._producer

    def connect(self) -> None:
        """Make ready to write, so that nothing comes between what is read and what is written then.

        Raises:
            BrokerError: Kafka cannot be reached or refuses.
        """
        if self._producer is None:
            self._make_topic()
            self._producer = self._stack.enter_context(open_producer(self._kafka, linger=0))

    def load(self) -> None:
        """Read what was decided before.

        Raises:
            BrokerError: Kafka cannot be read.
        """
        if not self._exists():
            return  # nothing was decided yet
        for record in read_records(self._consumer, [self._topic]):
            self._take(record)
        self._foreign.clear()

    def follow(self) -> None:
        """Read what was decided since, here or elsewhere.

        Raises:
            BrokerError: Kafka cannot be read, or no longer has the topic that was written to.
        """
        if len(self._own) == 0 and not self._exists():
            return
        spans = {
            number: Span(max(span.start, self._next.get(number, 0)), span.end)
            for number, span in find_spans(self._consumer, self._topic, Point(offset=0), Point()).items()
        }
        for record in read_spans(self._consumer, self._topic, spans):
            self._take(record)

    def put(self, *marks: Mark) -> dict[str, int]:
        """Write marks; return where each stands, by its letter.

        Raises:
            BrokerError: Kafka does not take it.
        """
        if len(marks) == 0:
            return {}
        records = [Record(encode_mark(mark), mark.letter.encode()) for mark in marks]
        written = list(write_records(self.producer, self._topic, records))
        self._own.update((each.partition, each.offset) for each in written)
        for mark in marks:
            self.marks[mark.letter] = mark
            if mark.action == "reopened":
                self._foreign.pop(mark.letter, None)
        return {mark.letter: each.offset for mark, each in zip(marks, written, strict=True)}

    def is_taken(self, letter_id: str, *, before: int | None = None) -> bool:
        """Whether another call has begun or decided something about a letter since `load`.

        Args:
            letter_id: Id of the letter.
            before: An intention counts only where it stands before this offset: of two who begin at once, the first
                goes on. A decision counts wherever it stands.
        """
        foreign = self._foreign.get(letter_id)
        if foreign is None:
            return False
        first, _ = foreign
        return before is None or first < before or self.is_decided(letter_id)

    def is_decided(self, letter_id: str) -> bool:
        """Whether another call has replayed or dropped a letter since `load`."""
        foreign = self._foreign.get(letter_id)
        return foreign is not None and foreign[1].action in _DECIDED

    def restore(self, letter_ids: Iterable[str]) -> None:
        """Write again what others have decided about letters, where an intention of ours may stand behind it.

        Raises:
            BrokerError: Kafka does not take it.
        """
        last = [self._foreign[letter_id][1] for letter_id in letter_ids]
        self.put(*(mark for mark in last if mark.action in _DECIDED))

    def _take(self, record: StoredRecord) -> None:
        self._next[record.partition] = record.offset + 1
        try:
            mark = decode_mark(record.value or b"")
        except EventError:
            return  # somebody else's record; without its mark a letter is open, which loses nothing
        self.marks[mark.letter] = mark
        if (record.partition, record.offset) in self._own:
            return
        if mark.action == "reopened":
            self._foreign.pop(mark.letter, None)
        else:
            first, _ = self._foreign.get(mark.letter, (record.offset, mark))
            self._foreign[mark.letter] = first, mark

    def _exists(self) -> bool:
        try:
            find_partitions(self._consumer, [self._topic])
        except TopicError:
            return False
        return True

    def _make_topic(self) -> None:
        with open_admin(self._kafka) as admin:
            if self._topic not in describe_topics(admin, [self._topic]):
                # Compaction keeps the last mark of each letter, for ever.
                create_topics(admin, [TopicSpec(self._topic, 1, {"cleanup.policy": "compact"})])
