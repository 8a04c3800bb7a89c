"""Dead letters: input records that could not be processed, with the reason and the original bytes."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

from streams.errors import SchemaError
from streams.events import read, write
from streams.events.article import MAX_ID
from streams.events.ids import RecordPosition, dead_letter_id, record_digest

__all__ = ["CE_TYPE", "DeadLetter", "Failure", "Origin", "decode_dead_letter", "encode_dead_letter", "event_id"]

CE_TYPE: Final = "wasl.article.dead.v1"
_EVENT: Final = "dead letter"
_STAGES: Final = ("starting", "receiving", "processing", "sending")
_MAX_MESSAGE: Final = 2_000

# What version 1.0 has no room for stands in fields that 1.1 adds, so that any record fits.
_MAX_HEADERS: Final = 10_000
_MAX_NAME: Final = 32_767
_MAX_MORE: Final = 20_000_000  # more than can be parsed
_MAX_PACKED: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Origin:
    """The input record, whole.

    Attributes:
        topic: Where it was read.
        partition: Partition there.
        offset: Offset there.
        key: Its key, or None.
        value: Its value; None for a tombstone.
        headers: Its headers, in order; a header's value may be None.
        timestamp: Milliseconds since 1970-01-01 UTC, or None; beyond 2^53 it is written as None.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the record could not be processed.

    Attributes:
        code: Stable code of `streams.errors`, such as ``event.undecodable``.
        stage: Where it happened.
        message: What was wrong, for people.
        remedy: What can be done about it.
    """

    code: str
    stage: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An input record that could not be processed.

    Attributes:
        origin: The record.
        failure: Why.
        attempts: How often it was tried, replays included.
        failed_at: RFC 3339, UTC.
        article_id: The article's id, where it could still be read.
    """

    origin: Origin
    failure: Failure
    attempts: int
    failed_at: str
    article_id: str | None = None


def event_id(letter: DeadLetter, *, carried: int) -> str:
    """Return the id of the event: letters with one id say the same, ``failed_at`` apart.

    Args:
        letter: The dead letter.
        carried: How many headers of the record its event carries; what a smaller topic has no room for, it does not.
    """
    origin, failure = letter.origin, letter.failure
    return dead_letter_id(
        RecordPosition(origin.topic, origin.partition, origin.offset),
        record_digest(origin.key, origin.value, _timestamp(origin)),
        failure.code,
        failure.stage,
        failure.message[:_MAX_MESSAGE],
        failure.remedy[:_MAX_MESSAGE],
        str(carried),
    )


def encode_dead_letter(letter: DeadLetter) -> bytes:
    """Write the dead letter as JSON; bytes go as Base64, so that they come back exactly.

    Raises:
        SchemaError: A text holds a lone surrogate.
    """
    origin, failure = letter.origin, letter.failure
    document: dict[str, Any] = {
        "origin": {
            "topic": origin.topic,
            "partition": origin.partition,
            "offset": origin.offset,
            "key": _pack(origin.key),
            "value": "" if origin.value is None else _pack(origin.value),
            "headers": [_packed_header(*header) for header in origin.headers[:_MAX_HEADERS]],
            "timestamp": _timestamp(origin),
        },
        "failure": {
            "code": failure.code,
            "stage": failure.stage,
            "message": failure.message[:_MAX_MESSAGE],
            "remedy": failure.remedy[:_MAX_MESSAGE],
        },
        "attempts": letter.attempts,
        "failed_at": letter.failed_at,
        "article_id": letter.article_id,
    }
    if origin.value is None:
        document["origin"]["value_is_null"] = True
    if len(origin.headers) > _MAX_HEADERS:
        document["origin"]["more_headers"] = [_packed_header(*header) for header in origin.headers[_MAX_HEADERS:]]
    return write.dump(document, _EVENT)


def decode_dead_letter(data: bytes) -> DeadLetter:
    """Read a dead letter.

    Raises:
        DecodeError: The bytes are not a JSON object.
        SchemaError: A field breaks its rule.
    """
    source = read.decode_object(data, _EVENT)
    origin = read.opaque(read.required(source, "origin", _EVENT), "origin")
    failure = read.opaque(read.required(source, "failure", _EVENT), "failure")
    timestamp, article_id = origin.get("timestamp"), source.get("article_id")
    headers, more, remedy = origin.get("headers"), origin.get("more_headers"), failure.get("remedy")
    return DeadLetter(
        origin=Origin(
            topic=read.text(read.required(origin, "topic", "origin"), "origin.topic", most=249, least=1),
            partition=read.whole(read.required(origin, "partition", "origin"), "origin.partition"),
            offset=read.whole(read.required(origin, "offset", "origin"), "origin.offset"),
            key=_unpack_optional(origin.get("key"), "origin.key"),
            value=_value(origin),
            headers=(
                *(() if headers is None else read.items(headers, "origin.headers", _header, most=_MAX_HEADERS)),
                *(() if more is None else read.items(more, "origin.more_headers", _header, most=_MAX_MORE)),
            ),
            timestamp=None if timestamp is None else read.whole(timestamp, "origin.timestamp", least=-1),
        ),
        failure=Failure(
            code=read.text(read.required(failure, "code", "failure"), "failure.code", most=100, least=1),
            stage=read.choice(read.required(failure, "stage", "failure"), "failure.stage", _STAGES),
            message=read.text(read.required(failure, "message", "failure"), "failure.message", most=_MAX_MESSAGE),
            remedy="" if remedy is None else read.text(remedy, "failure.remedy", most=_MAX_MESSAGE),
        ),
        attempts=read.whole(read.required(source, "attempts", _EVENT), "attempts", least=1),
        failed_at=read.timestamp(read.required(source, "failed_at", _EVENT), "failed_at"),
        article_id=None if article_id is None else read.text(article_id, "article_id", most=MAX_ID, least=1),
    )


def _header(value: Any, path: str) -> tuple[str, bytes | None]:
    source = read.opaque(value, path)
    name, rest = read.text(read.required(source, "name", path), f"{path}.name", most=_MAX_NAME), source.get("name_rest")
    if rest is not None:
        name += read.text(rest, f"{path}.name_rest", most=_MAX_PACKED)
    return name, _unpack_optional(source.get("value"), f"{path}.value")


def _packed_header(name: str, value: bytes | None) -> dict[str, str | None]:
    packed = {"name": name[:_MAX_NAME], "value": _pack(value)}
    return packed if len(name) <= _MAX_NAME else {**packed, "name_rest": name[_MAX_NAME:]}


def _value(origin: dict[str, Any]) -> bytes | None:
    value, is_null = _unpack(read.required(origin, "value", "origin"), "origin.value"), origin.get("value_is_null")
    if is_null is None or not read.flag(is_null, "origin.value_is_null"):
        return value
    if len(value) > 0:
        raise SchemaError(
            f"origin.value_is_null is true, and origin.value has {len(value)} bytes.", remedy="Send one of the two."
        )
    return None


def _timestamp(origin: Origin) -> int | None:
    # Kafka takes any 64-bit number for a time.
    known = origin.timestamp
    return known if known is not None and -1 <= known <= read.MAX_WHOLE else None


def _pack(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _unpack_optional(value: Any, path: str) -> bytes | None:
    return None if value is None else _unpack(value, path)


def _unpack(value: Any, path: str) -> bytes:
    encoded = read.text(value, path, most=_MAX_PACKED)
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError as exc:
        raise _not_base64(path, str(exc)) from exc
    # Decoders differ in what excess they forgive; only what our own encoder writes is taken.
    if base64.b64encode(data).decode("ascii") != encoded:
        raise _not_base64(path, "its padding or its last bits are not canonical")
    return data


def _not_base64(path: str, why: str) -> SchemaError:
    return SchemaError(f"{path} is not Base64: {why}.", remedy="Send RFC 4648 Base64 with padding.")
