"""Enriched articles for the tests of the client."""

from __future__ import annotations

from streams.events.article import RawArticle
from streams.events.enriched import CE_TYPE, EnrichedArticle, Language, Linker, Mention, encode_enriched_article
from streams.events.envelope import Envelope, write_headers
from streams.kafka.producer import Record


def enriched(
    number: int, *, entity_id: str | None = "Q1", type_: str = "person", confidence: float = 0.9
) -> EnrichedArticle:
    """Article ``a{number}``, which mentions one name."""
    mention = Mention("body", 0, 3, "Ada", type_, entity_id, confidence)
    return EnrichedArticle(
        RawArticle(f"a{number}", "Title", "Ada spoke."),
        Language("en", "event"),
        (mention,),
        (),
        Linker("wasl", "1"),
        "sha-1",
        "2026-01-31T09:30:00Z",
    )


def record(number: int, *, entity_id: str | None = "Q1", event_id: str | None = None) -> Record:
    """The record of that article; its event has the id ``e{number}``."""
    found = f"e{number}" if event_id is None else event_id
    return Record(
        encode_enriched_article(enriched(number, entity_id=entity_id)),
        f"a{number}".encode(),
        headers=tuple(write_headers(Envelope(found, "//wasl", CE_TYPE))),
    )
