from __future__ import annotations

import dataclasses
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import SchemaError
from streams.events.article import RawArticle, Source
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
from streams.events.types import ENTITY_TYPES

_SHARE = st.floats(min_value=0, max_value=1)
_ID = st.from_regex(r"Q[1-9][0-9]{0,11}|local:[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
_NAME = st.text(min_size=1, max_size=20)


@st.composite
def _mentions(draw: st.DrawFn, field: str, text: str) -> Mention:
    start = draw(st.integers(min_value=0, max_value=len(text) - 1))
    end = draw(st.integers(min_value=start + 1, max_value=len(text)))
    return Mention(
        field=field,
        start=start,
        end=end,
        surface=text[start:end],
        type=draw(st.sampled_from(ENTITY_TYPES)),
        entity_id=draw(st.none() | _ID),
        confidence=draw(_SHARE),
        candidates=tuple(draw(st.lists(st.builds(Candidate, _ID, _SHARE), max_size=5))),
    )


@st.composite
def _enriched(draw: st.DrawFn) -> EnrichedArticle:
    language = draw(st.sampled_from([None, "ar", "zh-Hant"]))
    title, body = draw(_NAME), draw(st.text(min_size=1, max_size=60))
    article = RawArticle(
        article_id=draw(_NAME),
        title=title,
        body=body,
        language=language,
        revision=draw(st.none() | st.integers(min_value=0, max_value=9)),
        source=draw(st.none() | st.builds(Source, name=st.none() | _NAME)),
        authors=draw(st.none() | st.lists(_NAME, max_size=2).map(tuple)),
        extra=draw(st.none() | st.dictionaries(_NAME, _NAME, max_size=2)),
    )
    entities = st.builds(
        LinkedEntity,
        entity_id=_ID,
        type=st.sampled_from(ENTITY_TYPES),
        name=_NAME,
        salience=_SHARE,
        mention_count=st.integers(min_value=1, max_value=99),
        external_ids=st.dictionaries(_NAME, _NAME | st.lists(_NAME, max_size=2).map(tuple), max_size=2),
        labels=st.none() | st.dictionaries(st.sampled_from(["ar", "en"]), _NAME),
    )
    return EnrichedArticle(
        article=article,
        language=Language("und", "detected") if language is None else Language(language, "event"),
        mentions=(
            *draw(st.lists(_mentions("title", title), max_size=2)),
            *draw(st.lists(_mentions("body", body), max_size=3)),
        ),
        entities=tuple(draw(st.lists(entities, max_size=3))),
        linker=Linker("wasl", "0.1.0"),
        catalog_version=draw(_NAME),
        enriched_at="2026-01-31T09:30:01.250Z",
    )


@given(_enriched())
def test_any_enriched_article_comes_back_as_it_was(enriched: EnrichedArticle) -> None:
    data = encode_enriched_article(enriched)
    assert decode_enriched_article(data) == enriched
    assert encode_enriched_article(decode_enriched_article(data)) == data


@given(_enriched())
def test_offsets_count_code_points_of_the_field_as_written(enriched: EnrichedArticle) -> None:
    document = orjson.loads(encode_enriched_article(enriched))
    for mention in document["mentions"]:
        assert document[mention["field"]][mention["start"] : mention["end"]] == mention["surface"]


@given(_enriched())
def test_only_the_time_differs_when_linked_again(enriched: EnrichedArticle) -> None:
    again = dataclasses.replace(enriched, enriched_at="2027-01-01T00:00:00Z")
    first, second = encode_enriched_article(enriched), encode_enriched_article(again)
    assert first != second
    assert first.replace(b"2026-01-31T09:30:01.250Z", b"2027-01-01T00:00:00Z") == second


def _document(**changes: Any) -> dict[str, Any]:
    mention = {"field": "body", "start": 2, "end": 8, "surface": "Nvidia", "type": "organization", "confidence": 0.5}
    return {
        "article_id": "a",
        "title": "",
        "body": "🚀 Nvidia",
        "language": {"code": "en", "origin": "detected"},
        "mentions": [{**mention, **changes}],
        "entities": [],
        "linker": {"name": "wasl", "version": "0.1.0"},
        "catalog_version": "1",
        "enriched_at": "2026-01-31T09:30:00Z",
    }


def test_a_detected_language_is_not_the_producers() -> None:
    enriched = decode_enriched_article(orjson.dumps(_document()))
    assert enriched.article.language is None
    assert enriched.language == Language("en", "detected")
    assert enriched.mentions[0].entity_id is None
    assert enriched.mentions[0].candidates == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": 3, "end": 9}, r"mentions\[0\] says 'Nvidia', but body\[3:9\] is 'vidia'"),
        ({"start": 6, "end": 12}, r"mentions\[0\] says 'Nvidia', but body\[6:12\] is 'ia'"),
        ({"field": "title"}, r"mentions\[0\] says 'Nvidia', but title\[2:8\] is ''"),
        ({"start": 8}, r"mentions\[0\]\.start is 8; 0 to 7 is allowed"),
        ({"end": 0}, r"mentions\[0\]\.end is 0; 1 to 5000000 is allowed"),
        ({"confidence": 1.5}, r"mentions\[0\]\.confidence is 1\.5; 0 to 1 is allowed"),
        ({"entity_id": "NIL"}, r"mentions\[0\]\.entity_id is 'NIL'"),
        ({"candidates": ""}, r"mentions\[0\]\.candidates is a string, not a list"),
    ],
)
def test_a_wrong_mention_is_refused_by_place_rule_and_remedy(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message) as refusal:
        decode_enriched_article(orjson.dumps(_document(**changes)))
    assert refusal.value.remedy != ""
