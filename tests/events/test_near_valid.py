"""Schema and code refuse the same raw articles, among those that are nearly right."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.errors import EventError
from streams.events.article import RawArticle, decode_raw_article, encode_raw_article

_TEXT = st.text(max_size=20)
_TAGS = st.one_of(
    st.sampled_from(["ar", "en", "pt-BR", "zh-Hant-TW", "und", "x-klingon", "i-default", "de-1996", "a" * 8, "a" * 9]),
    st.from_regex(r"[A-Za-z]{1,9}(-[A-Za-z0-9]{0,9}){0,3}\n?", fullmatch=True),
)
# Digits of other scripts, week dates and the like are what a lenient reader of times lets through.
_TIMES = st.one_of(
    st.datetimes(timezones=st.just(dt.timezone.utc)).map(dt.datetime.isoformat),
    st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat(timespec="milliseconds")),
    st.sampled_from(
        "2026-W05-6T09:30:00Z 2026-031T09:30:00Z ٢٠٢٦-٠١-٣١T09:30:00Z 2026-01-31T09:30Z 2026-01-31T09:30:00,5Z "
        "2026-01-31T09:30:60z 2026-1-31T09:30:00Z 2026-01-31T9:30:00Z +2026-01-31T09:30:00Z "
        "2026-01-31T09:30:00.1234567890Z 2026-01-31T09:30:00+24:00 2026-01-31T09:30:00-00:00 "
        "2026-01-31T09:30:00+03 2026-01-31T09:30:00+03:00:00".split()
    ),
)
_JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(min_value=-(2**63), max_value=2**64 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        _TEXT,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXT, inner, max_size=3)),
    max_leaves=6,
)
_FIELDS = {
    "article_id": st.text(min_size=1, max_size=20),
    "title": _TEXT,
    "body": st.text(max_size=60),
    "revision": st.integers(min_value=0, max_value=2**53),
    "url": _TEXT,
    "language": st.sampled_from(["ar", "en", "pt-BR", "zh-Hant"]),
    "published_at": st.sampled_from(["2026-01-31T09:30:00Z", "2024-02-29t00:00:00.5+05:30"]),
    "source": st.fixed_dictionaries({}, optional={"name": st.none() | _TEXT, "url": st.none() | _TEXT}),
    "authors": st.lists(st.text(min_size=1, max_size=9), max_size=3),
    "extra": st.dictionaries(_TEXT, _JSON, max_size=3),
}
_REQUIRED = ("article_id", "title", "body")


def _valid() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: _FIELDS[name] for name in _REQUIRED},
        optional={name: st.none() | of for name, of in _FIELDS.items() if name not in _REQUIRED},
    )


def _near_values() -> st.SearchStrategy[Any]:
    lengths = st.sampled_from([0, 1, 34, 35, 36, 500, 501, 512, 513, 4_000, 4_001, 10_000, 10_001])
    return st.one_of(
        _JSON,
        _TAGS,
        _TIMES,
        st.builds(lambda char, length: char * length, st.sampled_from(["a", "ع", "🚀"]), lengths),
        st.sampled_from([2**53, 2**53 + 1, float(2**53), 2.0, -0.0, -1.0, 0.5, 1e300]),
        st.builds(lambda name, count: [name] * count, st.sampled_from(["", "a"]), st.sampled_from([1, 200, 201])),
        st.builds(lambda name, value: {name: value}, st.sampled_from(["name", "url", "nmae"]), _JSON),
    )


@st.composite
def _near_valid(draw: st.DrawFn) -> dict[str, Any]:
    document = copy.deepcopy(draw(_valid()))
    for _ in range(draw(st.integers(min_value=0, max_value=3))):
        name = draw(st.sampled_from(sorted(_FIELDS)))
        match draw(st.sampled_from(["set", "delete", "rename", "add", "within"])):
            case "set":
                document[name] = draw(_near_values())
            case "delete":
                document.pop(name, None)
            case "rename":
                document[draw(st.sampled_from([name.upper(), f"{name} ", f"x_{name}"]))] = document.pop(name, None)
            case "add":
                document[draw(_TEXT)] = draw(_JSON)
            case "within":
                holder = document.get(draw(st.sampled_from(["source", "extra"])))
                if isinstance(holder, dict):
                    holder[draw(st.sampled_from(["name", "url", "country"]))] = draw(_near_values())
    return document


def _refusal(document: dict[str, Any]) -> EventError | None:
    try:
        decode_raw_article(orjson.dumps(document))
    except EventError as exc:
        return exc
    return None


@settings(max_examples=600)
@given(document=_near_valid())
def test_code_refuses_exactly_what_the_schema_refuses(schema_of: dict[str, Any], document: dict[str, Any]) -> None:
    errors = [error.message for error in schema_of["raw-article"].iter_errors(document)]
    refusal = _refusal(document)
    if refusal is None:
        assert errors == [], "only the schema refuses it"
        article = decode_raw_article(orjson.dumps(document))
        assert decode_raw_article(encode_raw_article(article)) == article
    else:
        assert errors != [], f"only the code refuses it: {refusal}"
        assert refusal.remedy != ""


@settings(max_examples=300)
@given(document=_valid())
def test_every_valid_article_comes_back_as_it_was(schema_of: dict[str, Any], document: dict[str, Any]) -> None:
    article = decode_raw_article(orjson.dumps(document))
    assert isinstance(article, RawArticle)
    written = orjson.loads(encode_raw_article(article))
    assert written == _without_nulls(document)
    schema_of["raw-article"].validate(written)


def _without_nulls(document: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in document.items() if value is not None}
    if "source" in kept:
        kept["source"] = {name: value for name, value in kept["source"].items() if value is not None}
    return kept
