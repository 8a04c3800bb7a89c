"""Marks: what was decided about dead letters. Kafka keeps the letters; nothing is ever deleted from their topic.

A mark is a record of a compacted topic beside that of the dead letters, with the letter's id as its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from streams.errors import SchemaError
from streams.events import read
from streams.events.ids import RecordPosition, dead_record_id_at

__all__ = ["ACTIONS", "Mark", "decode_mark", "encode_mark", "marks_topic"]

ACTIONS: Final = ("begun", "replayed", "dropped", "reopened")
"""What a mark may say; ``begun`` is an intention that may or may not have been carried out."""

_EVENT: Final = "mark of a dead letter"
_MOST_PARTITIONS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What was decided about one letter.

    Attributes:
        letter: Id of the letter.
        action: One of `ACTIONS`.
        at: When, RFC 3339.
        author: Who.
        reason: Why.
        into: Where the record stands that it was replayed as.
        ends: Of an intention: the end of each partition of the record's topic before it was carried out.
    """

    letter: str
    action: str
    at: str
    author: str | None = None
    reason: str | None = None
    into: RecordPosition | None = None
    ends: tuple[tuple[int, int], ...] = ()


def marks_topic(dead: str) -> str:
    """Return the name of the topic of marks beside a topic of dead letters."""
    return f"{dead}.handled"


def encode_mark(mark: Mark) -> bytes:
    """Write a mark as JSON."""
    into = mark.into
    document = {
        "letter": mark.letter,
        "action": mark.action,
        "at": mark.at,
        "author": mark.author,
        "reason": mark.reason,
        "into": None if into is None else [into.topic, into.partition, into.offset],
        "ends": [list(pair) for pair in mark.ends],
    }
    return orjson.dumps({name: value for name, value in document.items() if value not in (None, [])})


def decode_mark(data: bytes) -> Mark:
    """Read a mark.

    Raises:
        DecodeError: The bytes are not a JSON object.
        SchemaError: A field breaks its rule.
    """
    source = read.decode_object(data, _EVENT)
    author, reason, into, ends, digest = (source.get(name) for name in ("author", "reason", "into", "ends", "digest"))
    letter = read.text(read.required(source, "letter", _EVENT), "letter", most=64, least=1)
    if digest is not None:
        # Marks of Wasl before ids of letters held the record name its position, and the record beside it.
        letter = dead_record_id_at(letter, read.text(digest, "digest", most=64, least=1))
    return Mark(
        letter=letter,
        action=read.choice(read.required(source, "action", _EVENT), "action", ACTIONS),
        at=read.timestamp(read.required(source, "at", _EVENT), "at"),
        author=None if author is None else read.text(author, "author", most=200),
        reason=None if reason is None else read.text(reason, "reason", most=2_000),
        into=None if into is None else _position(into),
        ends=() if ends is None else read.items(ends, "ends", _pair, most=_MOST_PARTITIONS),
    )


def _position(value: Any) -> RecordPosition:
    if not isinstance(value, list) or len(value) != 3:
        raise SchemaError("into is no topic, partition and offset.", remedy="Send a list of three.")
    return RecordPosition(
        read.text(value[0], "into[0]", most=249, least=1),
        read.whole(value[1], "into[1]"),
        read.whole(value[2], "into[2]"),
    )


def _pair(value: Any, path: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise SchemaError(f"{path} is no partition and offset.", remedy="Send a list of two.")
    return read.whole(value[0], f"{path}[0]"), read.whole(value[1], f"{path}[1]")
