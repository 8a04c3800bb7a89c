"""CloudEvents 1.0 envelopes in Kafka's binary mode: attributes in headers, the event alone in the value.

Source: CloudEvents Kafka protocol binding 1.0.2, section 3.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "ATTEMPTS_HEADER",
    "CONTENT_TYPE",
    "LETTER_HEADER",
    "Envelope",
    "Headers",
    "carry_over",
    "read_envelope",
    "write_headers",
]

Headers = list[tuple[str, bytes]]

CONTENT_TYPE: Final = "application/json; charset=utf-8"
ATTEMPTS_HEADER: Final = "wasl-attempts"
"""Header of a replayed record: how often it was tried before, as decimal digits."""

LETTER_HEADER: Final = "wasl-letter"
"""Header of a replayed record: the id of the dead letter that it was replayed from."""

_OWN: Final = frozenset((ATTEMPTS_HEADER, LETTER_HEADER))
_PREFIX: Final = "ce_"
_CONTENT_TYPE_KEY: Final = "content-type"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The CloudEvents attributes of one event.

    Attributes:
        id: Unique within ``source``; equal for duplicates.
        source: URI reference of the producer.
        type: Kind and major version of the event, such as ``wasl.article.enriched.v1``.
        time: RFC 3339.
        subject: What the event is about: the article's or entity's id.
        causation: Extension ``causationid``: the event or record from which this one was made.
    """

    id: str
    source: str
    type: str
    time: str | None = None
    subject: str | None = None
    causation: str | None = None


def write_headers(envelope: Envelope, carried: Iterable[tuple[str, bytes | None]] = ()) -> Headers:
    """Return the Kafka headers of an event: the envelope's, then those carried over from the input."""
    attributes = (
        ("specversion", "1.0"),
        ("id", envelope.id),
        ("source", envelope.source),
        ("type", envelope.type),
        ("time", envelope.time),
        ("subject", envelope.subject),
        ("causationid", envelope.causation),
    )
    headers = [(_PREFIX + name, value.encode()) for name, value in attributes if value is not None]
    headers.append((_CONTENT_TYPE_KEY, CONTENT_TYPE.encode()))
    # Kafka clients disagree on headers without a value; an empty one is what all of them can carry.
    headers.extend((name, b"" if value is None else value) for name, value in carried)
    return headers


def carry_over(headers: Sequence[tuple[str, bytes | None]] | None) -> list[tuple[str, bytes | None]]:
    """Return the input's headers that are for others than Wasl and CloudEvents, in order; ``traceparent`` is one."""
    if headers is None or len(headers) == 0:
        return []
    return [
        (name, value)
        for name, value in headers
        if not name.startswith(_PREFIX) and name not in _OWN and name.lower() != _CONTENT_TYPE_KEY
    ]


def read_envelope(headers: Sequence[tuple[str, bytes | None]] | None) -> Envelope | None:
    """Return the envelope that the headers hold, or None where they are not those of a CloudEvent."""
    found = {
        name[len(_PREFIX) :]: value.decode("utf-8", "replace")
        for name, value in headers or ()
        if name.startswith(_PREFIX) and value is not None
    }
    if not {"id", "source", "type", "specversion"} <= found.keys():
        return None
    return Envelope(
        id=found["id"],
        source=found["source"],
        type=found["type"],
        time=found.get("time"),
        subject=found.get("subject"),
        causation=found.get("causationid"),
    )
