from __future__ import annotations

import json

import pytest

from streams.cli import show
from streams.events.article import CE_TYPE as RAW
from streams.events.article import RawArticle, encode_raw_article
from streams.events.dead import CE_TYPE as DEAD
from streams.events.dead import DeadLetter, Failure, Origin, encode_dead_letter
from streams.events.enriched import CE_TYPE as ENRICHED
from streams.events.enriched import EnrichedArticle, Language, LinkedEntity, Linker, Mention, encode_enriched_article
from streams.events.envelope import Envelope, write_headers
from streams.events.unlinked import CE_TYPE as UNLINKED
from streams.events.unlinked import UnlinkedName, encode_unlinked_name
from streams.kafka.consumer import StoredRecord
from streams.settings import TopicSettings

_ARTICLE = RawArticle("a1", "OpenAI", "قالت إنفيديا إن سديم فازت.")
_EVENTS = {
    ENRICHED: encode_enriched_article(
        EnrichedArticle(
            _ARTICLE,
            Language("ar", "detected"),
            (
                Mention("title", 0, 6, "OpenAI", "organization", "Q21708200", 0.9),
                Mention("body", 5, 12, "إنفيديا", "organization", "Q182477", 0.9),
                Mention("body", 16, 20, "سديم", "organization", None, 0.6),
            ),
            (LinkedEntity("Q182477", "organization", "إنفيديا", 0.6, 1, {}),),
            Linker("wasl", "1"),
            "sha-1",
            "2026-01-31T09:30:00Z",
        )
    ),
    RAW: encode_raw_article(_ARTICLE),
    DEAD: encode_dead_letter(
        DeadLetter(
            Origin("t", 1, 2, b"a1", b"{"),
            Failure("event.undecodable", "receiving", "Bad.", "Mend it."),
            1,
            "2026-01-31T09:30:00Z",
            "a1",
        )
    ),
    UNLINKED: encode_unlinked_name(
        UnlinkedName(
            "سديم", "سديم", "organization", "ar", "a1", "body", 16, 20, 1, "إن سديم\nفازت", "2026-01-31T09:30:00Z"
        )
    ),
}


_MARKED = (
    "── a1 · ar · 2 linked, 1 unlinked\n\u2068[OpenAI → Q21708200]\u2069\n"
    "قالت \u2068[إنفيديا → Q182477]\u2069 إن \u2068[سديم → ?]\u2069 فازت.\n\n"
)


_TOPICS = TopicSettings()


def record(
    value: bytes | None, ce_type: str | None = None, key: bytes | None = b"a1", topic: str = "t"
) -> StoredRecord:
    headers = () if ce_type is None else tuple(write_headers(Envelope("1", "s", ce_type)))
    return StoredRecord(topic, 0, 7, key, value, headers, None)


def show_record(record: StoredRecord, *, format_: str) -> str:
    return show.show_record(record, format_=format_, colour=False, topics=_TOPICS)


@pytest.mark.parametrize(
    ("ce_type", "expected"),
    [
        (
            ENRICHED,
            _MARKED,
        ),
        (RAW, "── a1\nOpenAI\nقالت إنفيديا إن سديم فازت.\n\n"),
        (DEAD, "── a1 · t-1-2 · event.undecodable · attempt 1\nBad.\nMend it.\n\n"),
        (UNLINKED, "\u2068سديم\u2069  organization  ×1  a1  \u2068إن سديم فازت\u2069\n"),
    ],
)
def test_every_event_as_text(ce_type: str, expected: str) -> None:
    assert show_record(record(_EVENTS[ce_type], ce_type), format_="text") == expected


def test_an_enriched_article_as_a_table() -> None:
    shown = show_record(record(_EVENTS[ENRICHED], ENRICHED), format_="table")
    assert shown.startswith("── a1 · ar · 2 linked, 1 unlinked\n")
    assert [line.split() for line in shown.splitlines() if "Q182477" in line] == [
        ["\u2068إنفيديا\u2069", "organization", "Q182477", "1", "0.60"]
    ]


@pytest.mark.parametrize(
    ("ce_type", "topic"),
    [(ENRICHED, _TOPICS.enriched), (RAW, _TOPICS.raw), (DEAD, _TOPICS.dead), (UNLINKED, _TOPICS.unlinked)],
)
def test_without_an_envelope_the_topic_tells_the_kind(ce_type: str, topic: str) -> None:
    with_envelope = show_record(record(_EVENTS[ce_type], ce_type), format_="text")
    assert show_record(record(_EVENTS[ce_type], topic=topic), format_="text") == with_envelope
    # Somebody else's envelope tells nothing.
    assert show_record(record(_EVENTS[ce_type], "com.example.else", topic=topic), format_="text") == with_envelope


@pytest.mark.parametrize("format_", ["text", "table"])
def test_what_is_of_no_kind_is_shown_as_it_is(format_: str) -> None:
    assert show_record(record('{"b": "سديم"}'.encode()), format_=format_) == '{"b": "سديم"}\n'


@pytest.mark.parametrize("format_", ["text", "table"])
def test_a_broken_event_is_shown_as_it_is(format_: str) -> None:
    shown = show_record(record(b"ab\x1b[2J", topic=_TOPICS.raw), format_=format_)
    assert shown.startswith("articles.raw-0-7: The raw article is not valid JSON")
    assert "\x1b" not in shown
    assert "ab" in shown.splitlines()[-1]


def test_a_tombstone_is_named() -> None:
    assert show_record(record(None), format_="text") == "t-0-7: tombstone of a1\n"
    assert show_record(record(None, key=None), format_="text") == "t-0-7: tombstone of no key\n"


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (b'{"b": 1,  "a": 2}', '{"b": 1,  "a": 2}\n'),
        (b'{\n "b": 1\n}', '{"b":1}\n'),
        (b"not json\n", '"not json\\n"\n'),
        (b"\xff", '"\ufffd"\n'),
        (None, "null\n"),
    ],
)
def test_jsonl_is_one_line_of_json_for_each_record(value: bytes | None, line: str) -> None:
    shown = show_record(record(value), format_="jsonl")
    assert shown == line
    json.loads(shown)
