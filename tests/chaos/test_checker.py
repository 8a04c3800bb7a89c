"""The checker is not blind: whatever is done to topics that are right, it says so."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chaos.checker import Expected, Report, examine
from chaos.load import Draft, Sent, text_hash
from chaos.shelf import MARKED, LiveVersion
from streams.errors import LinkingError
from streams.events.ids import RecordPosition
from streams.kafka.consumer import StoredRecord
from streams.workers.article import process_record
from streams.workers.dead import dead_letter
from streams.workers.records import InputRecord
from tests.support.records import NOW, VIEW, rules

_AT = 1_800_000_000
_HEADERS = (("desk", b"\xff\x00"),)
_TEXTS = [f"Nvidia {number}, Zarquon" for number in range(5)]


def world():
    """Five articles of one key and one that is none, as a worker would have left them."""
    given = [json.dumps({"article_id": f"a{n}", "title": "T", "body": text}).encode() for n, text in enumerate(_TEXTS)]
    given.append(b"no article")
    report, sent = Report(), []
    for offset, value in enumerate(given):
        timestamp = (_AT + offset) * 1_000
        report.raw.append(StoredRecord("raw", 0, offset, b"k", value, _HEADERS, timestamp))
        text = text_hash("T", _TEXTS[offset]) if offset < len(_TEXTS) else ""
        code = "" if text != "" else "event.undecodable"
        sent.append(Sent(Draft("article", b"k", value, text, code, _HEADERS), 0, offset, timestamp))
        outcome = process_record(
            InputRecord(RecordPosition("raw", 0, offset), b"k", value, _HEADERS, timestamp), rules(), VIEW, now=NOW
        )
        for record in outcome.records:
            kind = record.topic.rpartition(".")[2]
            getattr(report, kind).append(
                StoredRecord(
                    record.topic,
                    0,
                    len(getattr(report, kind)),
                    record.key,
                    record.value,
                    record.headers,
                    timestamp + 20,
                )
            )
    return report, Expected(tuple(sent), (LiveVersion("fake-1", "1", _AT - 10),), late=1.0)


def found(report, expected):
    examine(report, "raw", expected)
    return {problem.kind for problem in report.problems}


def letter_of(raw, message="It is poison."):
    """Return a dead letter of a record that has another outcome too."""
    source = InputRecord(RecordPosition("raw", 0, raw.offset), raw.key, raw.value, raw.headers, raw.timestamp)
    [record] = dead_letter(source, rules(), LinkingError(message, remedy="Report it."), now=NOW).records
    return StoredRecord(record.topic, 0, 5, record.key, record.value, record.headers, raw.timestamp)


def test_what_is_right_is_right():
    report, expected = world()
    assert (len(report.enriched), len(report.dead), len(report.unlinked)) == (5, 1, 5)
    assert found(report, expected) == set()


def _changed(record, **fields):
    document = json.loads(record.value) | fields
    return replace(record, value=json.dumps(document, ensure_ascii=False).encode())


def _swap(report):
    first, second = report.enriched[1], report.enriched[2]
    report.enriched[1:3] = [replace(second, offset=1), replace(first, offset=2)]


def _again_with(report, **fields):
    report.enriched.append(replace(_changed(report.enriched[0], **fields), offset=9))


def _without_headers(record):
    return replace(record, headers=tuple(each for each in record.headers if each[0] != "desk"))


def _without_remedy(report):
    letter = json.loads(report.dead[0].value)
    letter["failure"]["remedy"] = ""
    report.dead[0] = replace(report.dead[0], value=json.dumps(letter).encode())


def _for_another_reason(report):
    letter = json.loads(report.dead[0].value)
    letter["failure"]["code"] = "linking.poison"
    report.dead[0] = replace(report.dead[0], value=json.dumps(letter).encode())


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lambda report: report.enriched.pop(3), "lost"),
        (lambda report: report.dead.pop(), "lost"),
        (lambda report: report.raw.pop(), "lost"),
        (_swap, "reordered"),
        (lambda report: _again_with(report, url="https://other.example/"), "altered"),
        (lambda report: report.enriched.__setitem__(0, _changed(report.enriched[0], title="t")), "altered"),
        (lambda report: report.enriched.__setitem__(0, _changed(report.enriched[0], catalog_version="x")), "version"),
        (lambda report: report.enriched.__setitem__(0, replace(report.enriched[0], value=b"{")), "altered"),
        (lambda report: report.raw.__setitem__(0, replace(report.raw[0], key=b"other")), "altered"),
        (lambda report: report.enriched.__setitem__(0, replace(report.enriched[0], key=b"other")), "altered"),
        (lambda report: report.enriched.__setitem__(0, _without_headers(report.enriched[0])), "altered"),
        (lambda report: report.dead.append(letter_of(report.raw[0])), "unexplained"),
        (lambda report: report.dead.append(letter_of(report.raw[5])), "unexplained"),
        (
            lambda report: report.dead.append(replace(letter_of(report.raw[5]), headers=report.dead[0].headers)),
            "altered",
        ),
        (_without_remedy, "unexplained"),
        (_for_another_reason, "unexplained"),
        (lambda report: report.unlinked.__setitem__(0, replace(report.unlinked[0], headers=())), "unexplained"),
    ],
)
def test_what_is_wrong_is_found(harm, kind):
    report, expected = world()
    harm(report)
    assert kind in found(report, expected)


def test_a_fault_that_changes_what_a_topic_takes_explains_another_outcome_and_no_other_content_of_one_id():
    report, expected = world()
    expected = replace(expected, codes=frozenset({"linking.poison"}))
    letters = [letter_of(report.raw[0]), letter_of(report.raw[0], "It is too large.")]
    report.dead += letters
    assert found(report, expected) == set()
    assert (report.relinked, report.duplicates["dead"]) == (2, 0)
    report.dead.append(replace(letters[1], headers=letters[0].headers))
    assert found(report, expected) == {"altered"}


def test_a_record_that_stands_twice_is_counted_and_no_problem():
    report, expected = world()
    _again_with(report, enriched_at="2026-05-01T00:00:09.000Z")
    assert found(report, expected) == set()
    assert report.duplicates["enriched"] == 1


@pytest.mark.parametrize(("until", "kinds"), [(_AT + 3.5, set()), (_AT + 2.5, {"version"})])
def test_a_version_may_be_used_a_little_longer_than_it_is_live(until, kinds):
    report, expected = world()
    versions = (LiveVersion("fake-1", "1", _AT - 10, until), LiveVersion("fake-2", "2", until))
    assert found(report, replace(expected, versions=versions)) == kinds
    assert report.lateness == pytest.approx(_AT + 4 - until)


def test_a_version_may_not_be_used_before_it_is_live():
    report, expected = world()
    assert found(report, replace(expected, versions=(LiveVersion("fake-1", "1", _AT + 30),))) == {"version"}


def test_what_kafka_dropped_before_it_was_read_is_counted_apart():
    report, expected = world()
    report.raw.pop(3)
    report.enriched.pop(3)
    report.unlinked.pop(3)
    assert found(report, replace(expected, may_vanish=True)) == set()
    assert report.dropped == 1


def test_what_kafka_dropped_after_it_was_committed_has_an_outcome_or_is_lost():
    report, expected = world()
    for records in (report.raw, report.enriched, report.unlinked):
        records.pop(3)
    assert found(report, replace(expected, may_vanish=True, committed={0: 3})) == set()
    report.problems.clear()
    report.dropped = 0
    assert found(report, replace(expected, may_vanish=True, committed={0: 4})) == {"lost"}
    assert report.dropped == 0


def test_an_article_that_names_the_marked_entity_was_linked_with_it():
    report, expected = world()
    first = expected.sent[0]
    sent = (replace(first, draft=replace(first.draft, is_marked=True)), *expected.sent[1:])
    assert found(report, replace(expected, sent=sent)) == {"version"}
    report.problems.clear()
    document = json.loads(report.enriched[0].value)
    document["mentions"][0]["entity_id"] = document["entities"][0]["entity_id"] = MARKED
    document["entities"][0]["external_ids"] = {"mark": "1"}
    report.enriched[0] = _changed(report.enriched[0], **document)
    assert found(report, replace(expected, sent=sent)) == set()


def test_outcomes_may_be_excused_one_by_one():
    report, expected = world()
    for records in (report.enriched, report.unlinked):
        records.pop(3)
    assert found(report, replace(expected, excused=frozenset({(0, 3)}))) == set()
    report, expected = world()
    report.enriched.pop(2)
    assert "lost" in found(report, replace(expected, excused=frozenset({(0, 3)})))
