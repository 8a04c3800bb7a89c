"""Deterministic event ids: the same input, linked by the same versions, gives the same id.

Consumers drop duplicates by id, so two outputs may share an id only if they are equal but for their time. A topic
that was deleted and made anew gives out its positions again, so a position names a record only with what is in it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.events.article import RawArticle

__all__ = [
    "RecordPosition",
    "dead_letter_id",
    "dead_place_id",
    "dead_record_id",
    "dead_record_id_at",
    "enriched_id",
    "record_digest",
    "unlinked_id",
]


@dataclass(frozen=True, slots=True)
class RecordPosition:
    """Where a record stands in Kafka."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}-{self.offset}"


def enriched_id(
    article: RawArticle,
    position: RecordPosition,
    *,
    key: bytes | None,
    value: bytes | None,
    linker: str,
    catalog_version: str,
) -> str:
    """Return the id of an enriched article.

    With a revision, the article names itself, and a producer's retry gives the same id. Without one, two
    records with the same ``article_id`` may be two versions of the article, so the record names it.

    Args:
        article: The raw article.
        position: Where it was read.
        key: Key of the record there.
        value: Value of the record there.
        linker: Name and version of the linker.
        catalog_version: Catalogue with which it was linked.
    """
    made_by = _made_by(linker, catalog_version)
    if article.revision is None:
        return _hashed(_joined("enriched", "record", *_parts(position)) + made_by, key, value)
    return _hashed(_joined("enriched", "revision", article.article_id, str(article.revision)) + made_by)


def record_digest(key: bytes | None, value: bytes | None, timestamp: int | None) -> str:
    """Return what tells a record from others that stood at its position."""
    return _hashed("", key, value, str(timestamp).encode())


def dead_letter_id(position: RecordPosition, digest: str, *verdict: str) -> str:
    """Return the id of a dead letter of the record at ``position``.

    A record that is read again may fail otherwise than before, since limits, rights or the catalogue have changed
    meanwhile. Two verdicts are two events; whoever works on the record finds both by `dead_record_id`.

    Args:
        position: Where the record was read.
        digest: `record_digest` of the record that is in the letter.
        verdict: All of the letter that is not a function of the record: why it failed, in words.
    """
    return _digest("dead", "verdict", *_parts(position), digest, *verdict)


def dead_record_id(position: RecordPosition, digest: str) -> str:
    """Return the id that all dead letters of the record at ``position`` have in common; it is on no event.

    Args:
        position: Where the record was read.
        digest: `record_digest` of the record that is in the letters.
    """
    return dead_record_id_at(dead_place_id(position), digest)


def dead_place_id(position: RecordPosition) -> str:
    """Return what letters of a record at ``position`` had for an id before the record was in it."""
    return _digest("dead", *_parts(position))


def dead_record_id_at(place: str, digest: str) -> str:
    """Return what `dead_record_id` does, for the `dead_place_id` that earlier marks of letters hold."""
    return _digest("dead", "record", place, digest)


def unlinked_id(enriched: str, name_key: str) -> str:
    """Return the id of an unlinked name in the article whose enriched event has the id ``enriched``."""
    return _hashed(f"{_of_names(enriched)}{len(name_key)}:{name_key}")


def _parts(position: RecordPosition) -> tuple[str, str, str]:
    return position.topic, str(position.partition), str(position.offset)


@lru_cache(maxsize=16)
def _made_by(linker: str, catalog_version: str) -> str:
    # The same for one record after the other.
    return _joined(linker, catalog_version)


@lru_cache(maxsize=16)
def _of_names(enriched: str) -> str:
    # An article has ten names.
    return _joined("unlinked", enriched)


def _digest(*parts: str) -> str:
    return _hashed(_joined(*parts))


def _joined(*parts: str) -> str:
    # Lengths keep ("ab", "c") apart from ("a", "bc").
    return "".join([f"{len(part)}:{part}" for part in parts])


def _hashed(text: str, *parts: bytes | None) -> str:
    # 128 bits are beyond any accidental collision.
    found = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
    for part in parts:
        # As above; what is absent differs from what is empty.
        found.update(b"%d:" % (-1 if part is None else len(part)))
        found.update(b"" if part is None else part)
    return found.hexdigest()
