from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import DecodeError, OversizeError, SchemaError
from streams.events.article import (
    MAX_BODY,
    MAX_ID,
    MAX_TITLE,
    RawArticle,
    Source,
    decode_raw_article,
    encode_raw_article,
    parse_raw_article,
)

_TEXT = st.text(max_size=200)
_ARTICLES = st.builds(
    RawArticle,
    article_id=st.text(min_size=1, max_size=MAX_ID),
    title=_TEXT,
    body=_TEXT,
    revision=st.none() | st.integers(min_value=0, max_value=2**53),
    url=st.none() | _TEXT,
    language=st.none() | st.sampled_from(["ar", "en", "zh-Hant"]),
    published_at=st.none() | st.just("2026-01-31T09:30:00+03:00"),
    source=st.none() | st.builds(Source, name=st.none() | _TEXT, url=st.none() | _TEXT),
    authors=st.none() | st.lists(st.text(min_size=1, max_size=50), max_size=5).map(tuple),
    extra=st.none() | st.dictionaries(_TEXT, st.none() | st.booleans() | _TEXT | st.lists(_TEXT, max_size=3)),
)


@given(_ARTICLES)
def test_any_article_comes_back_as_it_was(article: RawArticle) -> None:
    assert decode_raw_article(encode_raw_article(article)) == article


@pytest.mark.parametrize(
    "text",
    [
        "𝒩vidia 🚀 👩‍👩‍👧",
        "\u202bإنفيديا\u202c \u2066NVIDIA\u2069\u200f",
        "e\u0301 \ufeff \u0640 نَصٌّ",
        "line\r\n\ttab\x00\u2028\x7f",
        "\ufdfa ﷽ \ufffe",
    ],
    ids=["astral", "bidi", "combining", "control", "compatibility"],
)
def test_texts_are_never_rewritten(text: str) -> None:
    data = orjson.dumps({"article_id": "a", "title": text, "body": text})
    article = decode_raw_article(data)
    assert (article.title, article.body) == (text, text)
    assert encode_raw_article(article) == data


@pytest.mark.parametrize("field", ["title", "body", "article_id"])
def test_a_lone_surrogate_is_refused_when_reading(field: str) -> None:
    document = {"article_id": "a", "title": "t", "body": "b", field: "@"}
    data = orjson.dumps(document).replace(b'"@"', b'"\\ud83d"')
    with pytest.raises(DecodeError, match="not valid JSON"):
        decode_raw_article(data)


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_lone_surrogate_is_refused_when_writing(field: str) -> None:
    article = RawArticle(**{"article_id": "a", "title": "t", "body": "b", field: "x\ud83d"})
    with pytest.raises(SchemaError, match=r"cannot be written as JSON.*surrogates") as refusal:
        encode_raw_article(article)
    assert "surrogates" in refusal.value.remedy


@pytest.mark.parametrize(("field", "limit"), [("title", MAX_TITLE), ("body", MAX_BODY)])
def test_a_text_over_its_limit_is_oversize_and_the_limit_is_named(field: str, limit: int) -> None:
    longest = {"article_id": "a", "title": "", "body": "", field: "ع" * limit}
    assert len(getattr(parse_raw_article(longest), field)) == limit
    with pytest.raises(OversizeError, match=f"{field} .* has {limit + 1} characters; at most {limit} ") as refusal:
        parse_raw_article({**longest, field: "ع" * (limit + 1)})
    assert refusal.value.remedy != ""


def test_fields_without_a_value_are_left_out() -> None:
    article = RawArticle(article_id="a", title="", body="", source=Source(name="BBC"))
    assert encode_raw_article(article) == b'{"article_id":"a","title":"","body":"","source":{"name":"BBC"}}'


def test_a_misspelt_field_is_named_with_the_known_ones() -> None:
    with pytest.raises(SchemaError, match="'langauge'") as refusal:
        decode_raw_article(b'{"article_id": "a", "title": "", "body": "", "langauge": "ar"}')
    assert "language" in refusal.value.remedy


def test_of_equal_keys_the_last_one_counts() -> None:
    article = decode_raw_article(b'{"article_id": "a", "article_id": "b", "title": "", "body": ""}')
    assert article.article_id == "b"
