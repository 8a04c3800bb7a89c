"""Enriched articles: what workers write to ``articles.enriched``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.events import read, write
from streams.events.article import MAX_BODY, MAX_ID, MAX_TITLE, RawArticle, Source, parse_raw_article
from streams.events.entity import check_entity_id
from streams.events.types import ENTITY_TYPES

__all__ = [
    "CE_TYPE",
    "FIELDS",
    "MAX_CANDIDATES",
    "MAX_ENTITIES",
    "MAX_MENTIONS",
    "Candidate",
    "EnrichedArticle",
    "Language",
    "LinkedEntity",
    "Linker",
    "Mention",
    "decode_enriched_article",
    "encode_enriched_article",
]

CE_TYPE: Final = "wasl.article.enriched.v1"
MAX_CANDIDATES: Final = 5
MAX_MENTIONS: Final = 200_000
MAX_ENTITIES: Final = 100_000
FIELDS: Final = ("title", "body")
"""The fields of an article in which mentions are found, in order."""

_EVENT: Final = "enriched article"
_ORIGINS: Final = ("event", "detected")


@dataclass(frozen=True, slots=True)
class Language:
    """Language of an article.

    Attributes:
        code: BCP 47 tag; ``und`` where nothing could be told.
        origin: ``event`` where the producer said so, ``detected`` where the text did.
    """

    code: str
    origin: str


# An article has hundreds of candidates, mentions and entities. They have no slots, since orjson asks for a slot as for
# any attribute, and reads a `__dict__` at once: a list of them is made and written in less than half the time.


@dataclass(frozen=True)
class Candidate:
    """An entity that a mention may mean.

    Attributes:
        entity_id: The entity.
        score: Probability that the mention means it, 0 to 1.
    """

    entity_id: str
    score: float


@dataclass(frozen=True)
class Mention:
    """A stretch of text that names an entity; ``event[field][start:end] == surface``.

    Attributes:
        field: ``title`` or ``body``.
        start: First code point, 0-based.
        end: One past the last code point.
        surface: The text in between, as received.
        type: One of `streams.events.types.ENTITY_TYPES`.
        entity_id: What it links to, or None for a name that the catalogue does not hold (NIL).
        confidence: Calibrated probability that the decision is right, 0 to 1.
        candidates: At most five, best first.
    """

    field: str
    start: int
    end: int
    surface: str
    type: str
    entity_id: str | None
    confidence: float
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class LinkedEntity:
    """An entity that the article mentions.

    Attributes:
        entity_id: Its id.
        type: Its type.
        name: Its label in the article's language, else in English.
        salience: How much the article is about it, 0 to 1; all entities of an article add up to 1.
        mention_count: Number of its mentions.
        external_ids: Its ids elsewhere, by scheme.
        labels: Its labels in English and in the article's language, where it has them.
    """

    entity_id: str
    type: str
    name: str
    salience: float
    mention_count: int
    external_ids: dict[str, str | tuple[str, ...]]
    labels: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Linker:
    """The program that linked the article."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class EnrichedArticle:
    """One article with its mentions linked.

    Attributes:
        article: The raw article, every field as received.
        language: Language of the article.
        mentions: In order of field, start, end; they do not overlap.
        entities: Most salient first.
        linker: Who linked it.
        catalog_version: Catalogue with which it was linked.
        enriched_at: RFC 3339, UTC; the only part that differs when the same article is linked again.
    """

    article: RawArticle
    language: Language
    mentions: tuple[Mention, ...]
    entities: tuple[LinkedEntity, ...]
    linker: Linker
    catalog_version: str
    enriched_at: str


_RAW_ONLY: Final = tuple(name for name in RawArticle.__dataclass_fields__ if name != "language")
_SOURCE: Final = tuple(Source.__dataclass_fields__)


def encode_enriched_article(enriched: EnrichedArticle) -> bytes:
    """Write the enriched article as JSON: the raw fields first, then what linking found.

    The producer's own ``language`` is in ``language.code`` with the origin ``event``.

    Raises:
        SchemaError: A text holds a lone surrogate, or ``extra`` something that JSON has not.
    """
    article = enriched.article
    document: dict[str, Any] = {name: value for name in _RAW_ONLY if (value := getattr(article, name)) is not None}
    document["language"] = enriched.language
    document["mentions"] = enriched.mentions
    document["entities"] = enriched.entities
    document["linker"] = enriched.linker
    document["catalog_version"] = enriched.catalog_version
    document["enriched_at"] = enriched.enriched_at
    return write.dump(document, _EVENT)


def decode_enriched_article(data: bytes) -> EnrichedArticle:
    """Read an enriched article, as a consumer does.

    Fields that this version does not know are passed over: within a major version, fields are only added.

    Raises:
        DecodeError: The bytes are not a JSON object.
        OversizeError: The title or the body is too long.
        SchemaError: A field breaks another rule.
    """
    source = read.decode_object(data, _EVENT)
    language = read.opaque(read.required(source, "language", _EVENT), "language")
    code = read.language_tag(read.required(language, "code", "language"), "language.code")
    origin = read.choice(read.required(language, "origin", "language"), "language.origin", _ORIGINS)
    raw = {name: source[name] for name in _RAW_ONLY if name in source}
    if origin == "event":
        raw["language"] = code
    if isinstance(raw.get("source"), dict):
        # The raw article's reader refuses fields that it does not know; a consumer passes them over.
        raw["source"] = {name: raw["source"][name] for name in _SOURCE if name in raw["source"]}
    article = parse_raw_article(raw)
    linker = read.opaque(read.required(source, "linker", _EVENT), "linker")
    mentions = read.items(
        read.required(source, "mentions", _EVENT),
        "mentions",
        lambda item, at: _mention(item, at, article),
        most=MAX_MENTIONS,
    )
    return EnrichedArticle(
        article=article,
        language=Language(code, origin),
        mentions=mentions,
        entities=read.items(read.required(source, "entities", _EVENT), "entities", _entity, most=MAX_ENTITIES),
        linker=Linker(
            name=read.text(read.required(linker, "name", "linker"), "linker.name", most=100, least=1),
            version=read.text(read.required(linker, "version", "linker"), "linker.version", most=100, least=1),
        ),
        catalog_version=read.text(
            read.required(source, "catalog_version", _EVENT), "catalog_version", most=200, least=1
        ),
        enriched_at=read.timestamp(read.required(source, "enriched_at", _EVENT), "enriched_at"),
    )


def _mention(value: Any, path: str, article: RawArticle) -> Mention:
    source = read.opaque(value, path)
    field = read.choice(read.required(source, "field", path), f"{path}.field", FIELDS)
    text = article.title if field == "title" else article.body
    end = read.whole(read.required(source, "end", path), f"{path}.end", least=1, most=MAX_BODY)
    start = read.whole(read.required(source, "start", path), f"{path}.start", most=end - 1)
    surface = read.text(read.required(source, "surface", path), f"{path}.surface", most=MAX_TITLE, least=1)
    if text[start:end] != surface:
        raise read.mismatch(path, field, start, end, text[start:end], surface)
    entity_id, candidates = source.get("entity_id"), source.get("candidates")
    return Mention(
        field=field,
        start=start,
        end=end,
        surface=surface,
        type=read.choice(read.required(source, "type", path), f"{path}.type", ENTITY_TYPES),
        entity_id=None if entity_id is None else check_entity_id(entity_id, f"{path}.entity_id"),
        confidence=_share(source, "confidence", path),
        candidates=(
            () if candidates is None else read.items(candidates, f"{path}.candidates", _candidate, most=MAX_CANDIDATES)
        ),
    )


def _candidate(value: Any, path: str) -> Candidate:
    source = read.opaque(value, path)
    return Candidate(
        check_entity_id(read.required(source, "entity_id", path), f"{path}.entity_id"),
        _share(source, "score", path),
    )


def _entity(value: Any, path: str) -> LinkedEntity:
    source = read.opaque(value, path)
    external_ids, labels = source.get("external_ids"), source.get("labels")
    return LinkedEntity(
        entity_id=check_entity_id(read.required(source, "entity_id", path), f"{path}.entity_id"),
        type=read.choice(read.required(source, "type", path), f"{path}.type", ENTITY_TYPES),
        name=read.text(read.required(source, "name", path), f"{path}.name", most=MAX_ID, least=1),
        salience=_share(source, "salience", path),
        mention_count=read.whole(
            read.required(source, "mention_count", path), f"{path}.mention_count", least=1, most=MAX_BODY
        ),
        external_ids={} if external_ids is None else read.external_ids(external_ids, f"{path}.external_ids"),
        labels=None if labels is None else read.names(labels, f"{path}.labels", most=MAX_ID),
    )


def _share(source: dict[str, Any], name: str, path: str) -> float:
    return read.number(read.required(source, name, path), f"{path}.{name}", least=0, most=1)
