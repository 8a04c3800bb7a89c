"""Which articles a change of the catalogue touches.

A change of some entities touches an article

- if its enriched event links to one of them or has one among its candidates: a name may have been taken away,
  or the entity merged or retired;
- or if one of their present names stands in its text as a word: a name may have been added, or a figure changed
  that decides between them and others of the same name;
- or if an earlier version of it, by the key of its record, was touched: what is written again must not be older
  than what stands behind it.

No other article can change: an entity has no say in an article in which none of its names stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.snapshot import view_of
from streams.errors import EventError, InputError
from streams.events.article import decode_raw_article
from streams.events.enriched import decode_enriched_article
from streams.linking.language import detect_language, primary_subtag
from streams.linking.tag import tag
from streams.linking.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.catalog.overlay import OverlayView
    from streams.catalog.records import Record
    from streams.events.article import RawArticle

__all__ = ["Touched"]


class Touched:
    """Tells the articles that a change of some entities touches from the others.

    Args:
        entity_ids: The entities, by any id that they ever had.
        view: The catalogue after the change.

    Raises:
        InputError: The catalogue holds nothing under an id.
    """

    def __init__(self, entity_ids: Iterable[str], view: OverlayView) -> None:
        self._ids: set[str] = set()
        records: dict[str, Record] = {}
        for entity_id in entity_ids:
            record = view.record(entity_id)
            stays = record if record is None or record.redirect is None else view.record(record.redirect)
            if stays is None:
                raise InputError(
                    f"The catalogue holds nothing under {entity_id!r}.", remedy="See `wasl catalog search`."
                )
            self._ids |= {entity_id, stays.id}
            records[stays.id] = stays
        self._names = view_of(records.values())
        self._articles: set[str] = set()
        self._keys: set[bytes] = set()

    @property
    def articles(self) -> int:
        """How many articles were noted."""
        return len(self._articles)

    def note(self, enriched: bytes | None) -> None:
        """Note an article whose enriched event has one of the entities; what is no such event is passed over."""
        try:
            event = decode_enriched_article(enriched or b"")
        except EventError:
            return
        if any(
            mention.entity_id in self._ids or any(each.entity_id in self._ids for each in mention.candidates)
            for mention in event.mentions
        ):
            self._articles.add(event.article.article_id)

    def is_touched(self, key: bytes | None, value: bytes | None) -> bool:
        """Whether the raw article with this key and value is touched; asked in the order of the records."""
        if key is not None and key in self._keys:
            return True
        try:
            article = decode_raw_article(value or b"")
        except EventError:
            # It was a dead letter, and is one still.
            return False
        if article.article_id not in self._articles and not self._has_name(article):
            return False
        if key is not None:
            self._keys.add(key)
        return True

    def _has_name(self, article: RawArticle) -> bool:
        language = article.language or detect_language(f"{article.title}\n{article.body[:1000]}")
        spoken = primary_subtag(language)
        fields = (("title", article.title), ("body", article.body))
        return any(len(tag(Text(name, text, spoken), self._names, spoken)) > 0 for name, text in fields)
