"""One record's way: raw bytes in, the records to be written out. Pure; nothing here waits or fails.

Whatever is wrong with a record ends as a dead letter, so that one article can never hold up those behind it.
Output headers are deterministic: ``ce_time`` is the input record's time, and the only parts that differ when
the same record is processed again are ``enriched_at``, ``failed_at`` and ``seen_at`` inside the values.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from streams.errors import DecodeError, LinkingError, OversizeError, WaslError
from streams.events import article as raw_events
from streams.events import dead, enriched, unlinked
from streams.events.envelope import Envelope, carry_over, read_envelope, write_headers
from streams.events.ids import RecordPosition, dead_letter_id, enriched_id, unlinked_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle
    from streams.settings import TopicSettings
    from streams.workers.ports import LinkArticle, Links

__all__ = [
    "ATTEMPTS_HEADER",
    "SOURCE",
    "InputRecord",
    "Outcome",
    "OutputRecord",
    "Rules",
    "dead_letter",
    "process_record",
    "record_bytes",
]

SOURCE: Final = "urn:wasl:worker"
"""The CloudEvents source of everything that a worker writes."""

ATTEMPTS_HEADER: Final = "wasl-attempts"
"""Header of a replayed record: how often it was tried before, as decimal digits."""

# What a record costs beside its bytes: lengths, offsets and the head of a batch that holds it alone.
_FRAMING: Final = 128
_HEADER_FRAMING: Final = 10
_TRACING: Final = ("traceparent", "tracestate")


@dataclass(frozen=True, slots=True)
class InputRecord:
    """A record as it was read.

    Attributes:
        position: Where it was read.
        key: Its key.
        value: Its value; None for a tombstone.
        headers: Its headers, in order.
        timestamp: Milliseconds since 1970-01-01 UTC, or None.
    """

    position: RecordPosition
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class OutputRecord:
    """A record to be written.

    Attributes:
        topic: Where to.
        key: Its key.
        value: Its value; None for a tombstone.
        headers: Its headers, in order.
        timestamp: Milliseconds since 1970-01-01 UTC; None means now.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record.

    Attributes:
        kind: ``enriched``, ``dead`` or ``tombstone``.
        source: The record.
        records: What is to be written, the main record first.
        code: Error code of a dead letter.
        mentions: Type of each mention, and whether it was linked.
        decode_seconds: Time spent on reading the record.
        link_seconds: Time spent on linking and writing.
    """

    kind: Literal["enriched", "dead", "tombstone"]
    source: InputRecord
    records: tuple[OutputRecord, ...]
    code: str | None = None
    mentions: tuple[tuple[str, bool], ...] = ()
    decode_seconds: float = 0.0
    link_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every record of a worker.

    Attributes:
        topics: Where to write.
        linker: Name and version of the linker.
        link: Links one article; pure.
        clock: Seconds of a monotonic clock, for timing alone.
        max_record_bytes: A larger input value is a dead letter.
        enriched_limit: Largest record that the topic of enriched articles takes, in bytes.
        dead_limit: Largest record that the topic of dead letters takes, in bytes.
    """

    topics: TopicSettings
    linker: enriched.Linker
    link: LinkArticle
    clock: Callable[[], float]
    max_record_bytes: int = 1_000_000
    enriched_limit: int = 4_194_304
    dead_limit: int = 1_463_664


def process_record(record: InputRecord, rules: Rules, view: CatalogView, *, now: str) -> Outcome:
    """Turn one input record into what is to be written.

    Args:
        record: The record.
        rules: What holds for every record.
        view: The catalogue.
        now: RFC 3339, UTC.
    """
    began = rules.clock()
    if record.value is None and record.key is not None:
        return _tombstone(record, rules)
    try:
        article = _read(record, rules)
    except WaslError as exc:
        return dead_letter(record, rules, exc, now=now)
    decoded = rules.clock()
    try:
        links = rules.link(article, view)
        records = _output(record, rules, article, links, view.version, now)
    except Exception as exc:  # noqa: BLE001 - whatever linking does with an article, the next one must go on
        return dead_letter(record, rules, _poison(article, exc), now=now)
    size = record_bytes(records[0])
    if size > rules.enriched_limit:
        return dead_letter(record, rules, _too_large(article, size, rules), now=now)
    return Outcome(
        kind="enriched",
        source=record,
        records=records,
        mentions=tuple((mention.type, mention.entity_id is not None) for mention in links.mentions),
        decode_seconds=decoded - began,
        link_seconds=rules.clock() - decoded,
    )


def dead_letter(record: InputRecord, rules: Rules, error: WaslError, *, now: str) -> Outcome:
    """Turn one input record into a dead letter.

    A record whose dead letter would be too large for its topic goes without its value: it was larger than
    any record that the raw topic now takes (a compressed batch, say), and it can still be read there.

    Args:
        record: The record.
        rules: What holds for every record.
        error: Why.
        now: RFC 3339, UTC.
    """
    carried = carry_over(record.headers)
    letter = _dead_record(record, rules, error, carried, now)
    if record_bytes(letter) > rules.dead_limit:
        letter = _dead_record(record, rules, error, _tracing(carried), now)
    if record_bytes(letter) > rules.dead_limit:
        cut = InputRecord(record.position, key=None, value=b"", timestamp=record.timestamp)
        size = 0 if record.value is None else len(record.value)
        shortened = OversizeError(
            f"{error.message} The record ({size} bytes) does not fit into a dead letter of at most "
            f"{rules.dead_limit} bytes and was left out.",
            remedy=f"It can be read at {record.position} for as long as {record.position.topic} keeps it.",
        )
        letter = _dead_record(cut, rules, shortened, [], now)
        error = shortened
    return Outcome(kind="dead", source=record, records=(letter,), code=error.code)


def record_bytes(record: OutputRecord) -> int:
    """Return an upper bound of what a record counts against max.message.bytes."""
    headers = sum(len(name.encode()) + len(value) + _HEADER_FRAMING for name, value in record.headers)
    return _FRAMING + headers + sum(len(part) for part in (record.key, record.value) if part is not None)


def _read(record: InputRecord, rules: Rules) -> RawArticle:
    value = record.value
    if value is None:
        raise DecodeError(
            "The raw article is null and has no key.", remedy="Send a tombstone with the key of what it removes."
        )
    if len(value) > rules.max_record_bytes:
        raise OversizeError(
            f"The raw article has {len(value)} bytes; at most {rules.max_record_bytes} are allowed.",
            remedy="Shorten it, or raise WASL_MAX_RECORD_BYTES.",
        )
    return raw_events.decode_raw_article(value)


def _tombstone(record: InputRecord, rules: Rules) -> Outcome:
    headers = tuple((name, b"" if value is None else value) for name, value in record.headers)
    out = OutputRecord(rules.topics.enriched, record.key, None, headers, record.timestamp)
    return Outcome(kind="tombstone", source=record, records=(out,))


def _output(
    record: InputRecord, rules: Rules, article: RawArticle, links: Links, version: str, now: str
) -> tuple[OutputRecord, ...]:
    carried = [header for header in carry_over(record.headers) if header[0] != ATTEMPTS_HEADER]
    event_id = enriched_id(
        article,
        record.position,
        linker=f"{rules.linker.name}/{rules.linker.version}",
        catalog_version=version,
    )
    document = enriched.EnrichedArticle(
        article=article,
        language=links.language,
        mentions=links.mentions,
        entities=links.entities,
        linker=rules.linker,
        catalog_version=version,
        enriched_at=now,
    )
    main = OutputRecord(
        topic=rules.topics.enriched,
        key=record.key,
        value=enriched.encode_enriched_article(document),
        headers=_headers(record, event_id, enriched.CE_TYPE, article.article_id, carried),
        timestamp=record.timestamp,
    )
    tracing = _tracing(carried)
    names = tuple(
        OutputRecord(
            topic=rules.topics.unlinked,
            key=found.name_key.encode(),
            value=unlinked.encode_unlinked_name(
                unlinked.UnlinkedName(
                    name_key=found.name_key,
                    name=found.name,
                    type=found.type,
                    language=links.language.code,
                    article_id=article.article_id,
                    field=found.field,
                    start=found.start,
                    end=found.end,
                    mention_count=found.mention_count,
                    context=found.context,
                    seen_at=now,
                )
            ),
            headers=_headers(
                record, unlinked_id(event_id, found.name_key), unlinked.CE_TYPE, article.article_id, tracing
            ),
            timestamp=record.timestamp,
        )
        for found in links.unlinked
    )
    return (main, *names)


def _dead_record(
    record: InputRecord, rules: Rules, error: WaslError, carried: Sequence[tuple[str, bytes | None]], now: str
) -> OutputRecord:
    position, article_id = record.position, _article_id(record.value)
    letter = dead.DeadLetter(
        origin=dead.Origin(
            topic=position.topic,
            partition=position.partition,
            offset=position.offset,
            key=record.key,
            value=b"" if record.value is None else record.value,
            headers=record.headers,
            timestamp=record.timestamp,
        ),
        failure=dead.Failure(
            code=error.code, stage=error.stage, message=_readable(error.message), remedy=_readable(error.remedy)
        ),
        attempts=1 + _attempts(record.headers),
        failed_at=now,
        article_id=article_id,
    )
    kept = [header for header in carried if header[0] != ATTEMPTS_HEADER]
    return OutputRecord(
        topic=rules.topics.dead,
        key=record.key,
        value=dead.encode_dead_letter(letter),
        headers=_headers(record, dead_letter_id(position), dead.CE_TYPE, article_id, kept),
        timestamp=record.timestamp,
    )


def _headers(
    record: InputRecord,
    event_id: str,
    kind: str,
    subject: str | None,
    carried: Sequence[tuple[str, bytes | None]],
) -> tuple[tuple[str, bytes], ...]:
    cause = read_envelope(record.headers)
    envelope = Envelope(
        id=event_id,
        source=SOURCE,
        type=kind,
        time=_time(record.timestamp),
        subject=subject,
        causation=str(record.position) if cause is None else cause.id,
    )
    return tuple(write_headers(envelope, carried))


def _time(timestamp: int | None) -> str | None:
    # Kafka takes any 64-bit number for a time; those that no calendar holds are left out.
    if timestamp is None or not 0 <= timestamp < 253_402_300_800_000:
        return None
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc) + dt.timedelta(milliseconds=timestamp)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tracing(carried: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes | None]]:
    return [(name, value) for name, value in carried if name in _TRACING]


def _attempts(headers: Sequence[tuple[str, bytes | None]]) -> int:
    for name, value in headers:
        if name == ATTEMPTS_HEADER and value is not None and value.isdigit() and len(value) < 10:
            return int(value)
    return 0


def _article_id(value: bytes | None) -> str | None:
    if value is None or len(value) == 0:
        return None
    try:
        document: Any = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    found = document.get("article_id") if isinstance(document, dict) else None
    return found if isinstance(found, str) and 1 <= len(found) <= raw_events.MAX_ID else None


def _poison(article: RawArticle, exc: Exception) -> LinkingError:
    error = LinkingError(
        f"Linking article {article.article_id!r} failed with {type(exc).__name__}: {exc}.",
        remedy="Report it with the article; replay the dead letter once a fixed version runs.",
    )
    error.__cause__ = exc
    return error


def _too_large(article: RawArticle, size: int, rules: Rules) -> OversizeError:
    return OversizeError(
        f"Article {article.article_id!r} has {size} bytes with its mentions; {rules.topics.enriched} takes at "
        f"most {rules.enriched_limit}.",
        remedy=f"Raise max.message.bytes of {rules.topics.enriched} and restart the workers, or shorten it.",
    )


def _readable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
