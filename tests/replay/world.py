"""Dead letters for tests of this room."""

from __future__ import annotations

from streams.events.dead import DeadLetter, Failure, Origin, encode_dead_letter
from streams.events.ids import RecordPosition
from streams.kafka.producer import Record
from streams.replay.letters import make_letter

NOW = "2026-11-23T12:00:00.000Z"


def dead(
    number=0, *, code="event.invalid", message="no title", attempts=1, topic="raw", failed_at=NOW, partition=0, **origin
):
    fields = {"key": b"k", "value": b"v%d" % number, "headers": (("h", b"\xff"), ("n", None)), "timestamp": 1_000}
    return DeadLetter(
        Origin(topic, partition, number, **{**fields, **origin}),
        Failure(code, "receiving", message, "Mend it."),
        attempts,
        failed_at,
        f"a{number}",
    )


def letter(number=0, **fields):
    return make_letter(dead(number, **fields), RecordPosition("dead", 0, number))


def dead_record(content):
    return Record(encode_dead_letter(content), content.origin.key)
