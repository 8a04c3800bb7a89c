"""Dead letters: what becomes of a record that cannot be linked or delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.errors import OversizeError
from streams.events import dead
from streams.events.article import MAX_ID
from streams.events.envelope import carry_over
from streams.workers.records import Headings, InputRecord, Outcome, OutputRecord, record_bytes, tracing_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.errors import WaslError
    from streams.workers.records import Rules

__all__ = ["ATTEMPTS_HEADER", "dead_letter"]

ATTEMPTS_HEADER: Final = "wasl-attempts"
"""Header of a replayed record: how often it was tried before, as decimal digits."""


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
    size = 0 if record.value is None else len(record.value)
    # What is far too large, as a batch that was compressed a thousandfold may hold it, is not even laid out.
    letter = None if size > rules.dead_limit else _dead_record(record, rules, error, carried, now)
    if letter is not None and record_bytes(letter) > rules.dead_limit:
        letter = _dead_record(record, rules, error, tracing_headers(carried), now)
    if letter is None or record_bytes(letter) > rules.dead_limit:
        cut = InputRecord(record.position, key=None, value=b"", timestamp=record.timestamp)
        shortened = OversizeError(
            f"{error.message} The record ({size} bytes) does not fit into a dead letter of at most "
            f"{rules.dead_limit} bytes and was left out.",
            remedy=f"It can be read at {record.position} for as long as {record.position.topic} keeps it.",
        )
        letter = _dead_record(cut, rules, shortened, [], now)
        error = shortened
    return Outcome(kind="dead", source=record, records=(letter,), code=error.code)


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
            value=record.value,
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
    event_id = dead.event_id(letter, carried=len(kept))
    return OutputRecord(
        topic=rules.topics.dead,
        key=record.key,
        value=dead.encode_dead_letter(letter),
        headers=Headings(record, dead.CE_TYPE, article_id, kept).of(event_id),
        timestamp=record.timestamp,
    )


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
    return found if isinstance(found, str) and 1 <= len(found) <= MAX_ID else None


def _readable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
