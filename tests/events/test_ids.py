from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.events.article import RawArticle
from streams.events.ids import (
    RecordPosition,
    dead_letter_id,
    dead_record_id,
    enriched_id,
    record_digest,
    unlinked_id,
)

_NUMBER = st.integers(min_value=0, max_value=2**40)
_POSITIONS = st.builds(RecordPosition, topic=st.text(max_size=10), partition=_NUMBER, offset=_NUMBER)
_TEXT = st.text(max_size=10)
_IDS = st.text(min_size=1, max_size=10)
_BYTES = st.none() | st.binary(max_size=10)
_RECORD = {"key": b"k", "value": b"{}"}


def _article(article_id: str, revision: int | None, *, title: str = "") -> RawArticle:
    return RawArticle(article_id=article_id, title=title, body="", revision=revision)


_AT = RecordPosition("articles.raw", 3, 1042)


def test_ids_are_the_same_on_every_machine() -> None:
    # Consumers keep ids for as long as they drop duplicates: a new way of making them is a new major version.
    digest = record_digest(b"k", b"{}", 1_769_851_800_123)
    assert digest == "d5f12661d404a14bdb3ba232c6d473cb"
    linked = enriched_id(_article("a-1", None), _AT, **_RECORD, linker="wasl 0.1.0", catalog_version="7")
    assert linked == "f73457e01e536ddf245d5ec3a5aa9048"
    assert (
        enriched_id(_article("a-1", 2), _AT, **_RECORD, linker="wasl 0.1.0", catalog_version="7")
        == "88430386ce7489e58b13d13ac1d6139a"
    )
    assert dead_letter_id(_AT, digest, "event.invalid", "no title") == "731f0900d0ffb175bcc5989212d8c8db"
    assert dead_record_id(_AT, digest) == "18116227bb3c3faece2567f3bc7fde1d"
    assert unlinked_id(linked, "nvidia") == "043dbd705f03b69b7028124a26522cc3"


@given(_POSITIONS, _IDS, st.none() | _NUMBER, _TEXT, _TEXT)
def test_equal_parts_give_equal_ids(
    position: RecordPosition, article_id: str, revision: int | None, linker: str, version: str
) -> None:
    first = enriched_id(_article(article_id, revision), position, **_RECORD, linker=linker, catalog_version=version)
    again = enriched_id(
        _article(article_id, revision, title="x"), position, **_RECORD, linker=linker, catalog_version=version
    )
    assert first == again
    assert re.fullmatch(r"[0-9a-f]{32}", first)


_SOURCES = st.tuples(_POSITIONS, _IDS, st.none() | _NUMBER, _TEXT, _TEXT)


def _meant(parts: tuple[RecordPosition, str, int | None, str, str]) -> tuple[object, ...]:
    """What tells one enriched article from another: the revision where there is one, else the position."""
    position, article_id, revision, linker, version = parts
    return (position if revision is None else (article_id, revision), linker, version)


@given(_SOURCES, _SOURCES)
@example((RecordPosition("a", 1, 2), "x", 1, "ab", "c"), (RecordPosition("a", 1, 2), "x", 1, "a", "bc"))
@example((RecordPosition("a-1", 2, 3), "x", None, "", ""), (RecordPosition("a", 12, 3), "x", None, "", ""))
@example((RecordPosition("a", 1, 2), "x", None, "", ""), (RecordPosition("a", 1, 2), "a-1-2", 0, "", ""))
@example((RecordPosition("a", 1, 2), "x", 11, "", ""), (RecordPosition("a", 1, 2), "x1", 1, "", ""))
@example((RecordPosition("a", 1, 2), "x\0", 1, "", ""), (RecordPosition("a", 1, 2), "x", 1, "", ""))
@example((RecordPosition("a", 1, 2), "x", 1, "", "é"), (RecordPosition("a", 1, 2), "x", 1, "", "e\u0301"))
def test_ids_are_equal_only_if_the_parts_are(
    left: tuple[RecordPosition, str, int | None, str, str], right: tuple[RecordPosition, str, int | None, str, str]
) -> None:
    ids = [
        enriched_id(_article(article_id, revision), position, **_RECORD, linker=linker, catalog_version=version)
        for position, article_id, revision, linker, version in (left, right)
    ]
    assert (ids[0] == ids[1]) == (_meant(left) == _meant(right))


@given(_POSITIONS, _POSITIONS, _TEXT, _TEXT)
@example(RecordPosition("a", 1, 2), RecordPosition("a", 1, 2), "event.invalid", "event.oversize")
def test_dead_letters_of_two_records_or_for_two_reasons_have_two_ids(
    left: RecordPosition, right: RecordPosition, why: str, other: str
) -> None:
    assert (dead_letter_id(left, "d", why) == dead_letter_id(right, "d", other)) == ((left, why) == (right, other))
    assert (dead_record_id(left, "d") == dead_record_id(right, "d")) == (left == right)
    assert dead_record_id(left, "d") != dead_letter_id(left, "d")


_RECORDS = st.tuples(_BYTES, _BYTES)


@given(_RECORDS, _RECORDS)
@example((b"ab", b"c"), (b"a", b"bc"))
@example((None, b""), (b"", None))
@example((b"k", b"first"), (b"k", b"second"))
def test_another_record_at_the_same_position_has_other_ids(
    left: tuple[bytes | None, bytes | None], right: tuple[bytes | None, bytes | None]
) -> None:
    """A topic that was deleted and made anew gives out its positions again."""
    ids = [
        enriched_id(_article("a", None), _AT, key=key, value=value, linker="l", catalog_version="v")
        for key, value in (left, right)
    ]
    digests = [record_digest(key, value, None) for key, value in (left, right)]
    assert (ids[0] == ids[1]) == (digests[0] == digests[1]) == (left == right)
    for of in (dead_letter_id, dead_record_id):
        assert (of(_AT, digests[0]) == of(_AT, digests[1])) == (left == right)


@given(_TEXT, _TEXT, _TEXT, _TEXT)
@example("ab", "c", "a", "bc")
@example("1:a", "", "", "1:a")
def test_unlinked_names_have_the_id_of_article_and_name(one: str, key: str, two: str, other: str) -> None:
    assert (unlinked_id(one, key) == unlinked_id(two, other)) == ((one, key) == (two, other))


def test_a_retry_with_a_revision_has_the_id_of_the_first_try() -> None:
    ids = {
        enriched_id(
            _article("a", 1),
            RecordPosition("t", 0, offset),
            key=None,
            value=b"%d" % offset,
            linker="l",
            catalog_version="v",
        )
        for offset in range(5)
    }
    assert len(ids) == 1


def test_kinds_of_event_never_share_an_id() -> None:
    position = RecordPosition("t", 0, 1)
    enriched = enriched_id(_article("a", None), position, **_RECORD, linker="", catalog_version="")
    assert len({enriched, dead_letter_id(position, "d"), unlinked_id("t", "0")}) == 3


@pytest.mark.parametrize("surrogate", ["\ud800", "x\udfff"])
def test_even_a_topic_with_a_lone_surrogate_has_an_id(surrogate: str) -> None:
    assert len(dead_letter_id(RecordPosition(surrogate, 0, 0), "d")) == 32


def test_a_position_reads_as_people_write_it() -> None:
    assert str(_AT) == "articles.raw-3-1042"
