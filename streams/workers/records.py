"""What a worker takes in and gives out, and the headers that all of it carries.

Headers are deterministic: ``ce_time`` is the input record's time, so that the same record, processed again,
differs only in ``enriched_at``, ``failed_at`` and ``seen_at`` inside the values.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from streams.events.envelope import CONTENT_TYPE, read_envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from typing_extensions import Self

    from streams.events.enriched import Linker
    from streams.events.ids import RecordPosition
    from streams.metrics import Found
    from streams.settings import TopicSettings
    from streams.workers.ports import LinkArticle

__all__ = [
    "SOURCE",
    "Headings",
    "InputRecord",
    "Outcome",
    "OutputRecord",
    "Rules",
    "Withheld",
    "record_bytes",
    "tracing_headers",
]

SOURCE: Final = "urn:wasl:worker"
"""The CloudEvents source of everything that a worker writes."""

# What a record costs beside its bytes: lengths, offsets and the head of a batch that holds it alone.
_FRAMING: Final = 128
_HEADER_FRAMING: Final = 10
_TRACING: Final = ("traceparent", "tracestate")
_SPECVERSION: Final = ("ce_specversion", b"1.0")
_SOURCE_HEADER: Final = ("ce_source", SOURCE.encode())
_CONTENT: Final = ("content-type", CONTENT_TYPE.encode())


class Withheld(bytes):
    """Stands in the place of a value that was not unpacked; it is empty.

    Attributes:
        why: Why it was not, for people.
    """

    why: str

    def __new__(cls, why: str) -> Self:
        """Return an empty value with the reason."""
        made = super().__new__(cls)
        made.why = why
        return made


@dataclass(frozen=True, slots=True)
class InputRecord:
    """A record as it was read.

    Attributes:
        position: Where it was read.
        key: Its key.
        value: Its value; None for a tombstone, `Withheld` where it is too large to be unpacked.
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
        left_out: Names found in an enriched article that their topic does not take.
        found: What was found in an enriched article.
        decode_seconds: Time spent on reading the record.
        link_seconds: Time spent on linking.
        encode_seconds: Time spent on writing.
    """

    kind: Literal["enriched", "dead", "tombstone"]
    source: InputRecord
    records: tuple[OutputRecord, ...]
    code: str | None = None
    left_out: int = 0
    found: Found | None = None
    decode_seconds: float = 0.0
    link_seconds: float = 0.0
    encode_seconds: float = 0.0


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
        unlinked_limit: Largest record that the topic of unlinked names takes, in bytes.
    """

    topics: TopicSettings
    linker: Linker
    link: LinkArticle
    clock: Callable[[], float]
    max_record_bytes: int = 1_000_000
    enriched_limit: int = 4_194_304
    dead_limit: int = 1_463_664
    unlinked_limit: int = 1_047_564


def record_bytes(record: OutputRecord) -> int:
    """Return an upper bound of what a record counts against max.message.bytes."""
    size = _FRAMING
    for name, value in record.headers:
        size += (len(name) if name.isascii() else len(name.encode())) + len(value) + _HEADER_FRAMING
    if record.key is not None:
        size += len(record.key)
    return size if record.value is None else size + len(record.value)


class Headings:
    """The headers of records of one kind that are made from one input: they differ in the event's id alone.

    They are what `streams.events.envelope.write_headers` gives, laid out here with the parts that never change made
    beforehand, since every record that is written has them.

    Args:
        record: The input.
        kind: CloudEvents type of the events.
        subject: What they are about: the article's id, where it is known.
        carried: Headers carried over from the input.
    """

    __slots__ = ("_after",)

    def __init__(
        self, record: InputRecord, kind: str, subject: str | None, carried: Sequence[tuple[str, bytes | None]]
    ) -> None:
        cause = read_envelope(record.headers) if len(record.headers) > 0 else None
        time = _time(record.timestamp)
        causation = str(record.position) if cause is None else cause.id
        after = [_SOURCE_HEADER, ("ce_type", kind.encode())]
        if time is not None:
            after.append(("ce_time", time.encode()))
        if subject is not None:
            after.append(("ce_subject", subject.encode()))
        after += [("ce_causationid", causation.encode()), _CONTENT]
        after += [(name, b"" if value is None else value) for name, value in carried]
        self._after = tuple(after)

    def of(self, event_id: str) -> tuple[tuple[str, bytes], ...]:
        """Return the headers of the record of the event with this id."""
        return (_SPECVERSION, ("ce_id", event_id.encode()), *self._after)


def tracing_headers(carried: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes | None]]:
    """Return those of the headers that tie a trace together."""
    return [(name, value) for name, value in carried if name in _TRACING]


def _time(timestamp: int | None) -> str | None:
    # Kafka takes any 64-bit number for a time; those that no calendar holds are left out.
    if timestamp is None or not 0 <= timestamp < 253_402_300_800_000:
        return None
    second, millis = divmod(timestamp, 1_000)
    return f"{_second(second)}.{millis:03}Z"


@lru_cache(maxsize=256)
def _second(second: int) -> str:
    # Records of one batch come from few seconds.
    return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=second)).isoformat()  # noqa: DTZ001 - both are UTC
