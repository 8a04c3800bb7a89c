"""Raw articles: what producers send to ``articles.raw``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.errors import OversizeError
from streams.events import read, write

__all__ = [
    "CE_TYPE",
    "MAX_BODY",
    "MAX_ID",
    "MAX_TITLE",
    "RawArticle",
    "Source",
    "decode_raw_article",
    "encode_raw_article",
    "parse_raw_article",
]

CE_TYPE: Final = "wasl.article.raw.v1"
MAX_ID: Final = 512
MAX_TITLE: Final = 10_000
MAX_BODY: Final = 5_000_000
_EVENT: Final = "raw article"


@dataclass(frozen=True, slots=True)
class Source:
    """Who published the article.

    Attributes:
        name: Name of the publisher or feed.
        url: Address of the publisher or feed.
    """

    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RawArticle:
    """One article as its producer sent it; texts are never rewritten.

    Attributes:
        article_id: The producer's id of the article, 1 to 512 characters.
        title: Headline; may be empty.
        body: Text; may be empty.
        revision: Grows with each new version of the same article.
        url: Address of the article.
        language: BCP 47 tag, where the producer knows it.
        published_at: RFC 3339, as received.
        source: Publisher or feed.
        authors: Names, in order.
        extra: Whatever else the producer wants carried through, unread.
    """

    article_id: str
    title: str
    body: str
    revision: int | None = None
    url: str | None = None
    language: str | None = None
    published_at: str | None = None
    source: Source | None = None
    authors: tuple[str, ...] | None = None
    extra: dict[str, Any] | None = None


_FIELDS: Final = frozenset(RawArticle.__dataclass_fields__)


def decode_raw_article(data: bytes) -> RawArticle:
    """Read a raw article from a record's value.

    Unknown top-level fields are refused rather than dropped: what a producer wants carried through goes
    into ``extra``, and a misspelt ``langauge`` must not pass unseen.

    Raises:
        DecodeError: The bytes are not a JSON object.
        OversizeError: The title or the body is longer than ``MAX_TITLE`` or ``MAX_BODY``.
        SchemaError: A field breaks another rule; the message names it.
    """
    return parse_raw_article(read.decode_object(data, _EVENT))


def parse_raw_article(source: dict[str, Any]) -> RawArticle:
    """Read a raw article from decoded JSON.

    Raises:
        OversizeError: The title or the body is longer than ``MAX_TITLE`` or ``MAX_BODY``.
        SchemaError: A field breaks another rule; the message names it.
    """
    get = source.get
    article_id = read.text(read.required(source, "article_id", _EVENT), "article_id", most=MAX_ID, least=1)
    title = _text(source, "title", most=MAX_TITLE)
    body = _text(source, "body", most=MAX_BODY)
    revision = get("revision")
    url = get("url")
    language = get("language")
    published_at = get("published_at")
    publisher = get("source")
    authors = get("authors")
    extra = get("extra")
    if not _FIELDS.issuperset(source):
        read.known_only(source, _FIELDS, _EVENT)
    return RawArticle(
        article_id=article_id,
        title=title,
        body=body,
        revision=None if revision is None else read.whole(revision, "revision"),
        url=None if url is None else read.text(url, "url", most=4_000),
        language=None if language is None else read.language_tag(language, "language"),
        published_at=None if published_at is None else read.timestamp(published_at, "published_at"),
        source=None if publisher is None else _source(publisher),
        authors=None if authors is None else read.texts(authors, "authors", most_items=200, most=500),
        extra=None if extra is None else read.opaque(extra, "extra"),
    )


def encode_raw_article(article: RawArticle) -> bytes:
    """Write the article as JSON, without the fields that are None.

    Raises:
        SchemaError: A text holds a lone surrogate, or ``extra`` something that JSON has not.
    """
    return write.dump(_present(article), _EVENT)


def _present(article: RawArticle) -> dict[str, Any]:
    fields = {name: getattr(article, name) for name in RawArticle.__dataclass_fields__}
    if article.source is not None:
        fields["source"] = {
            name: value
            for name, value in (("name", article.source.name), ("url", article.source.url))
            if value is not None
        }
    return {name: value for name, value in fields.items() if value is not None}


def _text(source: dict[str, Any], name: str, *, most: int) -> str:
    value = read.required(source, name, _EVENT)
    if isinstance(value, str) and len(value) > most:
        raise OversizeError(
            f"The {name} of the {_EVENT} has {len(value)} characters; at most {most} are allowed.",
            remedy="Shorten it, or split the article.",
        )
    return read.text(value, name, most=most)


def _source(value: Any) -> Source:
    fields = read.opaque(value, "source")
    read.known_only(fields, ("name", "url"), "source of the raw article")
    name, url = fields.get("name"), fields.get("url")
    return Source(
        name=None if name is None else read.text(name, "source.name", most=500),
        url=None if url is None else read.text(url, "source.url", most=4_000),
    )
