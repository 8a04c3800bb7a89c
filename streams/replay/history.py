"""History linked anew: a stretch of raw articles goes through the article step again, beside the live stream.

It is the workers' own step and their own way of delivering: progress is written only after Kafka has
acknowledged everything made from a batch. One version of the catalogue is used for the whole run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from streams.events.ids import RecordPosition
from streams.kafka.admin import delete_group, describe_topics, open_admin
from streams.kafka.consumer import open_consumer
from streams.kafka.spans import Point, Span, find_spans, read_progress, read_spans, write_progress
from streams.kafka.topics import missing_topic, topic_limit
from streams.workers.article import process_record
from streams.workers.records import InputRecord, Rules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from streams.catalog.view import CatalogView
    from streams.kafka.consumer import StoredRecord
    from streams.replay.pace import Pace
    from streams.replay.touched import Touched
    from streams.settings import KafkaSettings, Settings
    from streams.workers.records import Outcome

__all__ = ["Progress", "Request", "blocking", "group_name", "note_enriched", "replay_history", "replay_rules"]

_BATCH: Final = 256
_BATCH_BYTES: Final = 8_388_608
# Enriched articles have the time at which they were written; Kafka takes articles from up to an hour ahead of it.
_AHEAD_MS: Final = 3_600_000
_MARGIN: Final = 1_024  # what a topic allows is compared with whole batches; so much is left to their framing


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be linked anew.

    Attributes:
        topic: Where the raw articles are.
        begin: Where to begin.
        end: Where to end; the present end where it names no place.
        group: Under which name progress is kept.
        with_unlinked: Whether names that the catalogue lacks are written again too.
    """

    topic: str
    begin: Point
    end: Point
    group: str
    with_unlinked: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a replay is.

    Attributes:
        left: Records that are left at most.
        read: Records read by this run.
        linked: Of these, the ones that became enriched articles; tombstones, and what is not chosen, are not counted.
        dead: Of these, the ones that became dead letters.
        is_resumed: Whether an earlier run had begun it.
        is_kept: Whether the broker keeps it; where it does not, a later run begins anew.
    """

    left: int
    read: int = 0
    linked: int = 0
    dead: int = 0
    is_resumed: bool = False
    is_kept: bool = True


def group_name(workers: str, *parts: str) -> str:
    """Return the name of the group under which the progress of a replay is kept: the same for the same request.

    Args:
        workers: The group of the workers.
        parts: What the request is made of.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return f"{workers}.replay.{hashlib.blake2b(text.encode(), digest_size=5).hexdigest()}"


def replay_rules(settings: Settings, *, into: str, link: Any, linker: Any, clock: Callable[[], float]) -> Rules:
    """Return the rules of the article step, with the topics' own limits.

    Args:
        settings: The settings.
        into: Where enriched articles go.
        link: Links one article.
        linker: Name and version of ``link``.
        clock: Seconds of a monotonic clock.

    Raises:
        TopicError: A topic is missing.
        BrokerError: Kafka does not say.
    """
    topics = replace(settings.kafka.topics, enriched=into)
    names = (topics.enriched, topics.dead, topics.unlinked)
    with open_admin(settings.kafka) as admin:
        found = describe_topics(admin, names)
    for name in names:
        if name not in found:
            raise missing_topic(name, settings.kafka.topics)
    return Rules(
        topics=topics,
        linker=linker,
        link=link,
        clock=clock,
        max_record_bytes=settings.worker.max_record_bytes,
        enriched_limit=topic_limit(found[topics.enriched].configs) - _MARGIN,
        dead_limit=topic_limit(found[topics.dead].configs) - _MARGIN,
        unlinked_limit=topic_limit(found[topics.unlinked].configs) - _MARGIN,
    )


def note_enriched(kafka: KafkaSettings, begin: Point, touched: Touched) -> None:
    """Tell ``touched`` the enriched articles of what was sent since ``begin``; all of them where it is no time.

    Raises:
        BrokerError: Kafka cannot be read.
    """
    topic = kafka.topics.enriched
    since = Point(offset=0) if begin.timestamp is None else Point(timestamp=max(0, begin.timestamp - _AHEAD_MS))
    with open_consumer(kafka) as consumer:
        for record in read_spans(consumer, topic, find_spans(consumer, topic, since, Point())):
            touched.note(record.value)


def replay_history(
    kafka: KafkaSettings,
    request: Request,
    rules: Rules,
    view: CatalogView,
    *,
    deliver: Callable[[Sequence[Outcome]], list[Outcome]],
    now: Callable[[], str],
    pace: Pace,
    sleep: Callable[[float], None],
    touched: Touched | None = None,
    restart: bool = False,
) -> Iterator[Progress]:
    """Link a stretch of history anew, and say after each batch how far it is.

    Args:
        kafka: How to reach Kafka.
        request: What.
        rules: What holds for every record.
        view: The catalogue.
        deliver: Writes what a batch has come to, and returns once Kafka has acknowledged all of it.
        now: The time, RFC 3339, UTC.
        pace: How many records a second may be linked.
        sleep: Waits for some seconds.
        touched: Chooses the articles; None means all.
        restart: Whether to begin anew although an earlier run left progress.

    Raises:
        TopicError: The topic does not exist.
        BrokerError: Kafka cannot be read, or something cannot be delivered; progress stays where it was.
    """
    with open_consumer(kafka, group=request.group) as consumer:
        spans = {} if restart else read_progress(consumer, request.topic, declared=kafka.topics)
        is_resumed = len(spans) > 0
        if not is_resumed:
            spans = find_spans(consumer, request.topic, request.begin, request.end, declared=kafka.topics)
            write_progress(consumer, request.topic, spans)
        # The embedded broker gives commits back without what stands beside their offsets.
        is_kept = is_resumed or len(read_progress(consumer, request.topic, declared=kafka.topics)) > 0
        progress = Progress(_left(spans), is_resumed=is_resumed, is_kept=is_kept)
        yield progress
        for batch in _batches(read_spans(consumer, request.topic, dict(spans))):
            chosen = [one for one in batch if touched is None or touched.is_touched(one.key, one.value)]
            wait = pace.wait(len(chosen))
            if wait > 0:
                sleep(wait)
            outcomes = [process_record(_input(record), rules, view, now=now()) for record in chosen]
            if not request.with_unlinked:
                outcomes = [replace(outcome, records=outcome.records[:1]) for outcome in outcomes]
            delivered = deliver(outcomes)
            for record in batch:
                spans[record.partition] = replace(spans[record.partition], start=record.offset + 1)
            moved = {record.partition for record in batch}
            write_progress(consumer, request.topic, {number: spans[number] for number in moved})
            kinds = Counter(outcome.kind for outcome in delivered)
            progress = replace(
                progress,
                left=_left(spans),
                read=progress.read + len(batch),
                linked=progress.linked + kinds["enriched"],
                dead=progress.dead + kinds["dead"],
            )
            yield progress
        # What no reader sees, such as the markers of transactions, may stand at the end.
        done = {number: Span(span.end, span.end) for number, span in spans.items()}
        write_progress(consumer, request.topic, done)
        if not is_kept:
            # What the group has committed is of no use, and would be taken for lag.
            with open_admin(kafka) as admin:
                delete_group(admin, request.group)
        yield replace(progress, left=0)


def _batches(records: Iterator[StoredRecord]) -> Iterator[list[StoredRecord]]:
    batch: list[StoredRecord] = []
    size = 0
    for record in records:
        batch.append(record)
        size += len(record.value or b"")
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if len(batch) > 0:
        yield batch


def _left(spans: dict[int, Span]) -> int:
    return sum(span.records for span in spans.values())


def _input(record: StoredRecord) -> InputRecord:
    return InputRecord(
        RecordPosition(record.topic, record.partition, record.offset),
        record.key,
        record.value,
        record.headers,
        record.timestamp,
    )


def blocking(run: Callable[[Awaitable[Any]], Any], courier: Any) -> Callable[[Sequence[Outcome]], list[Outcome]]:
    """Return a courier's delivery as a plain function."""

    async def both(outcomes: Sequence[Outcome]) -> list[Outcome]:
        delivered: list[Outcome] = await courier.settle(await courier.post(outcomes))
        return delivered

    return lambda outcomes: run(both(outcomes)) if len(outcomes) > 0 else []
