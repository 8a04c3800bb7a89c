"""The pure step from one record to what is written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from streams.events.dead import decode_dead_letter
from streams.events.enriched import decode_enriched_article
from streams.events.envelope import read_envelope
from streams.events.ids import RecordPosition
from streams.events.unlinked import decode_unlinked_name
from streams.metrics import found_in
from streams.workers.article import process_record
from streams.workers.records import InputRecord, OutputRecord, Withheld, record_bytes
from tests.support.linker import LINKER, fake_link
from tests.support.records import NOW, POSITION, VIEW, record, rules


def test_an_article_becomes_an_enriched_article_and_its_unknown_names():
    outcome = process_record(record(), rules(), VIEW, now=NOW)
    assert (outcome.kind, outcome.code) == ("enriched", None)
    main, name = outcome.records
    assert (main.topic, name.topic) == ("articles.enriched", "entities.unlinked")
    enriched = decode_enriched_article(main.value)
    assert (enriched.linker, enriched.catalog_version, enriched.enriched_at) == (LINKER, "fake-1", NOW)
    assert [mention.surface for mention in enriched.mentions] == ["Nvidia", "Zarquon"]
    assert outcome.found == found_in("en", enriched.mentions)
    assert sum(outcome.found.types.values()) == 2
    unlinked = decode_unlinked_name(name.value)
    assert (name.key, unlinked.name, unlinked.article_id) == (b"zarquon", "Zarquon", "a")
    assert (outcome.decode_seconds, outcome.link_seconds, outcome.encode_seconds) == (1.0, 1.0, 1.0)


def test_the_same_record_gives_the_same_bytes_but_for_the_time():
    first, again, later = (
        process_record(record(), rules(), VIEW, now=now) for now in (NOW, NOW, "2027-01-01T00:00:00Z")
    )
    assert first.records == again.records
    for one, other in zip(first.records, later.records, strict=True):
        assert replace(one, value=None) == replace(other, value=None)
        assert other.value == one.value.replace(NOW.encode(), b"2027-01-01T00:00:00Z")


def test_the_id_is_the_records_or_with_a_revision_the_articles():
    def event_id(source):
        return read_envelope(process_record(source, rules(), VIEW, now=NOW).records[0].headers).id

    elsewhere = RecordPosition("articles.raw", 0, 0)
    assert event_id(record()) == event_id(record())
    assert event_id(record()) != event_id(replace(record(), position=elsewhere))
    # As in a topic that was deleted and made anew.
    assert event_id(record()) != event_id(record(body="another"))
    assert event_id(record()) != event_id(replace(record(), key=b"another"))
    assert event_id(record(revision=1)) == event_id(replace(record(revision=1), position=elsewhere))
    assert event_id(record(revision=1)) != event_id(record(revision=2))


def test_a_tombstone_passes_whatever_its_headers():
    source = InputRecord(POSITION, b"key", None, (("a", None), ("b", b"2")), 5)
    outcome = process_record(source, rules(), VIEW, now=NOW)
    assert outcome.kind == "tombstone"
    assert outcome.records == (OutputRecord("articles.enriched", b"key", None, (("a", b""), ("b", b"2")), 5),)


def test_what_was_not_unpacked_is_a_dead_letter_that_says_why():
    outcome = process_record(InputRecord(POSITION, None, Withheld("The record has 5 GB.")), rules(), VIEW, now=NOW)
    letter = decode_dead_letter(outcome.records[0].value)
    assert (letter.failure.code, letter.failure.message, letter.origin.value) == (
        "event.oversize",
        "The record has 5 GB.",
        b"",
    )
    assert "articles.raw-3-17" in letter.failure.remedy


def test_neither_key_nor_value_is_a_dead_letter():
    outcome = process_record(InputRecord(POSITION, None, None), rules(), VIEW, now=NOW)
    letter = decode_dead_letter(outcome.records[0].value)
    assert (letter.failure.code, letter.origin.value) == ("event.undecodable", None)
    assert "null and has no key" in letter.failure.message


@pytest.mark.parametrize(
    ("value", "code", "article_id"),
    [
        (b"nothing", "event.undecodable", None),
        (b'{"article_id": "known", "title": 1}', "event.invalid", "known"),
        (b'{"article_id": 1}', "event.invalid", None),
        (b'{"article_id": ""}', "event.invalid", None),
        (b'["article_id"]', "event.undecodable", None),
        (json.dumps({"article_id": "p", "title": "POISON", "body": ""}).encode(), "linking.poison", "p"),
        (json.dumps({"article_id": "o", "title": "", "body": "x" * 1_000_000}).encode(), "event.oversize", "o"),
    ],
)
def test_what_is_wrong_with_a_record_ends_as_a_dead_letter(value, code, article_id):
    outcome = process_record(record(value), rules(), VIEW, now=NOW)
    assert (outcome.kind, outcome.code, len(outcome.records)) == ("dead", code, 1)
    letter = decode_dead_letter(outcome.records[0].value)
    assert (letter.failure.code, letter.article_id, letter.origin.value) == (code, article_id, value)
    assert letter.failed_at == NOW


@pytest.mark.parametrize("error", [RecursionError("deep"), KeyError("\udcff"), MemoryError(), StopIteration()])
def test_whatever_linking_raises_is_poison_to_this_article_alone(error):
    def fail(article, view):
        raise error

    outcome = process_record(record(), rules(link=fail), VIEW, now=NOW)
    assert outcome.code == "linking.poison"
    assert type(error).__name__ in decode_dead_letter(outcome.records[0].value).failure.message


def test_links_that_cannot_be_written_are_poison_too():
    def strange(article, view):
        return replace(fake_link(article, view), mentions=({1, 2},))

    assert process_record(record(), rules(link=strange), VIEW, now=NOW).code == "linking.poison"


def test_a_name_sheds_what_came_in_headers_to_fit_its_topic_and_is_left_out_where_it_still_does_not():
    envelope = tuple((f"ce_{name}", b"x" * 5_000) for name in ("specversion", "id", "source", "type"))
    source = replace(record(), headers=(*envelope, ("tracestate", b"t" * 5_000)))

    def names(limit):
        outcome = process_record(source, rules(unlinked_limit=limit), VIEW, now=NOW)
        assert (outcome.kind, len(outcome.records) + outcome.left_out) == ("enriched", 2)
        assert all(record_bytes(name) <= limit for name in outcome.records[1:])
        return outcome.records[1:]

    [whole] = names(12_000)
    assert (dict(whole.headers)["ce_causationid"], "tracestate" in dict(whole.headers)) == (b"x" * 5_000, True)
    [lighter] = names(4_000)
    assert (dict(lighter.headers)["ce_causationid"], "tracestate" in dict(lighter.headers)) == (
        b"articles.raw-3-17",
        False,
    )
    assert (lighter.value, dict(lighter.headers)["ce_id"]) == (whole.value, dict(whole.headers)["ce_id"])
    assert names(400) == ()


def test_an_article_that_its_topic_would_refuse_is_found_before_it_is_sent():
    size = record_bytes(process_record(record(), rules(), VIEW, now=NOW).records[0])
    assert process_record(record(), rules(enriched_limit=size), VIEW, now=NOW).kind == "enriched"
    outcome = process_record(record(), rules(enriched_limit=size - 1), VIEW, now=NOW)
    assert outcome.code == "event.oversize"
    assert f"{size} bytes with its mentions" in decode_dead_letter(outcome.records[0].value).failure.message
