"""The bytes of one value of each event, so that a change of the wire format is seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streams.events.article import RawArticle, Source, decode_raw_article, encode_raw_article
from streams.events.change import CatalogChange, decode_change, encode_change
from streams.events.dead import DeadLetter, Failure, Origin, decode_dead_letter, encode_dead_letter
from streams.events.enriched import (
    Candidate,
    EnrichedArticle,
    Language,
    LinkedEntity,
    Linker,
    Mention,
    decode_enriched_article,
    encode_enriched_article,
)
from streams.events.entity import Alias, Entity, decode_entity, encode_entity
from streams.events.unlinked import UnlinkedName, decode_unlinked_name, encode_unlinked_name

if TYPE_CHECKING:
    from collections.abc import Callable

_GOLDEN = Path(__file__).parent / "golden"

_ARTICLE = RawArticle(
    article_id="wire-42",
    title="غوغل في الرياض",
    body="🚀 Google و\u200fغوغل\n",
    revision=3,
    url="https://news.example/42",
    language="ar",
    published_at="2026-01-31T12:30:00+03:00",
    source=Source(name="وكالة المثال"),
    authors=("ليلى",),
    extra={"z": [1, 2.5, None], "a": {"b": True}},
)
_ENTITY = Entity(
    id="Q95",
    type="organization",
    labels={"en": "Google", "ar": "غوغل"},
    aliases={"en": (Alias("Google LLC"), Alias("GOOG", 7))},
    description="American technology company",
    prior=0.95,
    related=("Q20800404", "local:google-cloud"),
    external_ids={"ticker": ("GOOG", "GOOGL"), "lei": "X1"},
)
_VALUES: dict[str, tuple[Any, Callable[[Any], bytes], Callable[[bytes], Any]]] = {
    "raw-article": (_ARTICLE, encode_raw_article, decode_raw_article),
    "enriched-article": (
        EnrichedArticle(
            article=_ARTICLE,
            language=Language("ar", "event"),
            mentions=(
                Mention("title", 0, 4, "غوغل", "organization", "Q95", 0.97, (Candidate("Q95", 0.97),)),
                Mention("body", 2, 8, "Google", "organization", None, 0.5),
            ),
            entities=(
                LinkedEntity("Q95", "organization", "غوغل", 1.0, 1, {"ticker": ("GOOG", "GOOGL")}, {"en": "Google"}),
            ),
            linker=Linker("wasl", "0.1.0"),
            catalog_version="7",
            enriched_at="2026-01-31T09:30:01.250Z",
        ),
        encode_enriched_article,
        decode_enriched_article,
    ),
    "dead-letter": (
        DeadLetter(
            origin=Origin("articles.raw", 3, 1042, b"k", b"\xff{", (("a", None), ("b", b"")), 1769851800123),
            failure=Failure("event.undecodable", "receiving", "Not JSON.", "Send JSON."),
            attempts=1,
            failed_at="2026-01-31T09:30:01Z",
        ),
        encode_dead_letter,
        decode_dead_letter,
    ),
    "unlinked-name": (
        UnlinkedName(
            name_key="نوفا",
            name="نوفــا",
            type="organization",
            language="ar",
            article_id="wire-42",
            field="body",
            start=3,
            end=9,
            mention_count=2,
            context="شركة نوفــا",
            seen_at="2026-01-31T09:30:01Z",
        ),
        encode_unlinked_name,
        decode_unlinked_name,
    ),
    "catalog-entity": (_ENTITY, encode_entity, decode_entity),
    "catalog-change": (
        CatalogChange("set", "Q95", entity=_ENTITY, author="layla", changed_at="2026-01-31T09:30:00Z"),
        encode_change,
        decode_change,
    ),
}


@pytest.mark.parametrize("name", _VALUES)
def test_the_bytes_on_the_wire_are_those_in_the_file(name: str) -> None:
    value, encode, decode = _VALUES[name]
    golden = (_GOLDEN / f"{name}.json").read_bytes()
    assert encode(value) == golden
    assert decode(golden) == value


def test_every_file_has_its_value() -> None:
    assert {path.stem for path in _GOLDEN.glob("*.json")} == set(_VALUES)
