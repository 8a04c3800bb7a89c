"""One record's way: raw bytes in, the records to be written out. Pure; nothing here waits or fails.

Whatever is wrong with a record ends as a dead letter, so that one article can never hold up those behind it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.errors import DecodeError, LinkingError, OversizeError, WaslError
from streams.events import article as raw_events
from streams.events import enriched, unlinked
from streams.events.drafts import unlinked_of
from streams.events.envelope import carry_over
from streams.events.ids import enriched_id, unlinked_id
from streams.metrics import found_in
from streams.workers.dead import ATTEMPTS_HEADER, dead_letter
from streams.workers.records import (
    Headings,
    InputRecord,
    Outcome,
    OutputRecord,
    Withheld,
    record_bytes,
    tracing_headers,
)

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView
    from streams.events.article import RawArticle
    from streams.workers.ports import Links
    from streams.workers.records import Rules

__all__ = ["process_record"]


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
        linked = rules.clock()
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
        left_out=len(links.unlinked) - (len(records) - 1),
        found=found_in(links.language.code, links.mentions),
        decode_seconds=decoded - began,
        link_seconds=linked - decoded,
        encode_seconds=rules.clock() - linked,
    )


def _read(record: InputRecord, rules: Rules) -> RawArticle:
    value = record.value
    if value is None:
        raise DecodeError(
            "The raw article is null and has no key.", remedy="Send a tombstone with the key of what it removes."
        )
    if isinstance(value, Withheld):
        raise OversizeError(
            value.why,
            remedy=f"It can be read at {record.position} for as long as {record.position.topic} keeps it. "
            f"Send articles of at most {rules.max_record_bytes} bytes (WASL_MAX_RECORD_BYTES).",
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
    carried = carry_over(record.headers)
    if len(carried) > 0:
        carried = [header for header in carried if header[0] != ATTEMPTS_HEADER]
    linker = f"{rules.linker.name}/{rules.linker.version}"
    event_id = enriched_id(
        article, record.position, key=record.key, value=record.value, linker=linker, catalog_version=version
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
        headers=Headings(record, enriched.CE_TYPE, article.article_id, carried).of(event_id),
        timestamp=record.timestamp,
    )
    if len(links.unlinked) == 0:
        return (main,)
    return (main, *_names(record, rules, article, links, event_id, tracing_headers(carried), now))


def _names(
    record: InputRecord,
    rules: Rules,
    article: RawArticle,
    links: Links,
    event_id: str,
    tracing: list[tuple[str, bytes | None]],
    now: str,
) -> list[OutputRecord]:
    """Return the names that their topic takes."""
    topic, language, article_id = rules.topics.unlinked, links.language.code, article.article_id
    headings = Headings(record, unlinked.CE_TYPE, article_id, tracing)
    names = [
        OutputRecord(
            topic,
            found.name_key.encode(),
            unlinked.encode_unlinked_name(
                unlinked_of(
                    found.name_key,
                    found.name,
                    found.type,
                    language,
                    article_id,
                    found.field,
                    found.start,
                    found.end,
                    found.mention_count,
                    found.context,
                    now,
                )
            ),
            headings.of(unlinked_id(event_id, found.name_key)),
            record.timestamp,
        )
        for found in links.unlinked
    ]
    # Their headers are of one length.
    if record_bytes(max(names, key=_length)) <= rules.unlinked_limit:
        return names
    # At worst without what came in the headers of their article.
    bare = Headings(replace(record, headers=()), unlinked.CE_TYPE, article_id, ())
    shorter = [
        name
        if record_bytes(name) <= rules.unlinked_limit
        else replace(name, headers=bare.of(unlinked_id(event_id, found.name_key)))
        for name, found in zip(names, links.unlinked, strict=True)
    ]
    return [name for name in shorter if record_bytes(name) <= rules.unlinked_limit]


def _length(name: OutputRecord) -> int:
    return len(name.key or b"") + len(name.value or b"")


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
