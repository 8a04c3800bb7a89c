from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from streams.cli.articles_page import article_page
from streams.events.enriched import LinkedEntity, encode_enriched_article
from streams.kafka.consumer import StoredRecord
from tests.client.articles import enriched


def page(*values: bytes | None) -> str:
    return "".join(article_page(StoredRecord("t", 0, at, None, value, (), None) for at, value in enumerate(values)))


class Tags(HTMLParser):
    """Tags and attributes, and the text of the article's body."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_mentions_are_marked_and_items_of_wikidata_are_linked() -> None:
    article = replace(enriched(1), entities=(LinkedEntity("Q1", "person", "Ada Brook", 1.0, 1, {}),))
    found = Tags(page(encode_enriched_article(article)))
    assert ("a", {"href": "https://www.wikidata.org/wiki/Q1", "rel": "noreferrer"}) in found.tags
    assert ("mark", {"title": "Ada Brook · Q1 · 0.90"}) in found.tags


def test_ids_of_the_catalogues_own_lead_nowhere_and_unlinked_names_say_so() -> None:
    own = Tags(page(encode_enriched_article(enriched(1, entity_id="local:ada"))))
    assert not any(tag == "a" for tag, _ in own.tags)
    unlinked = Tags(page(encode_enriched_article(enriched(1, entity_id=None))))
    assert ("mark", {"class": "nil", "title": "not in the catalogue: person"}) in unlinked.tags


def test_texts_of_strangers_stay_texts() -> None:
    article = enriched(1)
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    body = f"{article.article.body} {hostile}"
    raw = replace(article.article, article_id=hostile, title=hostile, body=body)
    entities = (LinkedEntity("Q1", "person", hostile, 1.0, 1, {}),)
    found = Tags(page(encode_enriched_article(replace(article, article=raw, entities=entities)), b"<script>"))
    assert not {"script", "img"} & {tag for tag, _ in found.tags}
    assert all(not name.startswith("on") for _, attributes in found.tags for name in attributes)


def test_arabic_decides_its_own_direction() -> None:
    found = Tags(page(encode_enriched_article(enriched(1))))
    assert sum(attributes.get("dir") == "auto" for _, attributes in found.tags) == 2


def test_a_record_that_is_no_article_is_told_of_and_a_tombstone_is_not() -> None:
    text = page(b"{", None)
    assert re.search(r"<p>t-0-0: .+</p>", text)
    assert "t-0-1" not in text
