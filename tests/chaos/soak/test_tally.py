"""The checker that reads along finds what it is there to find."""

from __future__ import annotations

from collections import Counter

import orjson
import pytest

from chaos.soak.articles import BAD_EVERY, KEYS, Articles, number_of
from chaos.soak.tally import Tally
from streams.events.ids import RecordPosition
from streams.workers.article import process_record
from streams.workers.records import InputRecord
from tests.support.records import NOW, VIEW, rules

_RAW = "articles.raw"
_BAD = BAD_EVERY - 1


@pytest.fixture(scope="module")
def articles():
    return Articles()


@pytest.fixture
def tally(articles):
    return Tally(articles, _RAW)


def _outcome(articles, number, *, offset=None, view=VIEW):
    key, value = articles.record(number)
    position = RecordPosition(_RAW, 0, number if offset is None else offset)
    return process_record(InputRecord(position, key, value), rules(), view, now=NOW).records[0]


def _add(tally, record, *, key=None, value=None, at=0):
    tally.add_enriched(record.key if key is None else key, value or record.value, record.headers, at)


def _changed(record, **fields):
    return orjson.dumps(orjson.loads(record.value) | fields)


def test_records_are_what_their_number_says(articles):
    assert number_of(orjson.loads(articles.record(1_234_567)[1])["article_id"]) == 1_234_567
    assert articles.record(5) == articles.record(5) != articles.record(6)
    assert number_of("other-5") is None
    assert number_of("soak-5x") is None


def test_what_is_as_it_should_be_is_no_problem(articles, tally):
    for number in (0, 1, 2):
        _add(tally, _outcome(articles, number))
    dead = _outcome(articles, _BAD)
    tally.add_dead(dead.value, dead.headers)
    partitions, offsets = [0] * (_BAD + 1), [-1] * (_BAD + 1)
    for number in (0, 1, 2, _BAD):
        offsets[number] = number
    assert tally.finish(partitions, offsets) == 4
    assert (tally.seen, tally.enriched, tally.dead, tally.problems, tally.words) == (4, 3, 1, Counter(), [])


def test_a_record_without_an_outcome_is_lost(articles, tally):
    _add(tally, _outcome(articles, 0))
    tally.finish([0, 0], [0, 1])
    assert tally.words == ["lost: articles.raw-0-1: neither enriched nor dead"]


def test_what_kafka_did_not_acknowledge_is_not_asked_for(articles, tally):
    _add(tally, _outcome(articles, 0))
    assert tally.finish([0, -1], [0, -1]) == 1
    assert tally.problems == Counter()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "another"},
        {"body": "another"},
        {"article_id": "soak-3"},
    ],
    ids=["title", "body", "id of another"],
)
def test_another_text_is_altered(articles, tally, fields):
    record = _outcome(articles, 2)
    _add(tally, record, value=_changed(record, **fields))
    assert tally.problems["altered"] > 0


def test_another_key_is_altered(articles, tally):
    _add(tally, _outcome(articles, 2), key=b"key-3")
    assert tally.problems == Counter(altered=1)


def test_outcomes_of_one_text_are_alike(articles, tally):
    again = 300 * 7 + 2
    assert articles.text_of(again) == articles.text_of(2)
    _add(tally, _outcome(articles, 2))
    record = _outcome(articles, again)
    _add(tally, record, value=_changed(record, entities=[{"entity_id": "Q1"}]))
    assert tally.words[0].startswith("altered: text 2 was linked in two ways")


def test_the_first_of_a_text_is_read_as_consumers_read(articles, tally):
    record = _outcome(articles, 2)
    _add(tally, record, value=_changed(record, mentions=[{"field": "body", "start": 0, "end": 1}]))
    assert tally.words[0].startswith("altered: text 2 cannot be read")


def test_an_id_that_was_never_sent_is_unexplained(articles, tally):
    record = _outcome(articles, 2)
    _add(tally, record, value=_changed(record, article_id="stranger"))
    assert tally.problems == Counter(unexplained=1)


def test_the_same_outcome_twice_is_counted(articles, tally):
    for _ in range(3):
        _add(tally, _outcome(articles, 2))
    assert (tally.seen, tally.duplicates, tally.relinked, tally.problems) == (1, 2, 0, Counter())


def test_two_outcomes_of_one_number_name_one_record(articles, tally):
    _add(tally, _outcome(articles, 2))
    _add(tally, _outcome(articles, 2, offset=9))
    assert tally.problems == Counter(altered=1)


def test_the_order_within_a_key_is_kept(articles, tally):
    for number in (3, 3 + 2 * KEYS, 1, 3 + KEYS):
        _add(tally, _outcome(articles, number))
    assert tally.words == [f"reordered: {3 + KEYS} stands after {3 + 2 * KEYS} of its key"]


def test_a_dead_letter_of_a_good_article_is_unexplained(articles, tally):
    key, _ = articles.record(2)
    source = InputRecord(RecordPosition(_RAW, 0, 2), key, b'{"article_id": "soak-2"}')
    dead = process_record(source, rules(), VIEW, now=NOW).records[0]
    tally.add_dead(dead.value, dead.headers)
    assert tally.problems == Counter(unexplained=1)


def test_a_dead_letter_holds_its_record(articles, tally):
    key, value = articles.record(_BAD)
    source = InputRecord(RecordPosition(_RAW, 0, _BAD), key, value + b" ")
    dead = process_record(source, rules(), VIEW, now=NOW).records[0]
    tally.add_dead(dead.value, dead.headers)
    assert tally.problems == Counter(altered=1)


def test_delays_go_to_the_minute_in_which_a_record_was_due(articles, tally):
    tally.paced(2, 1_000_000, 0.02)  # one record in fifty seconds
    for number, at in ((0, 1_000_000), (2, 1_000_040), (3, 1_050_007), (4, 1_100_000)):
        _add(tally, _outcome(articles, number), at=at)
    assert tally.delays == {0: Counter({40: 1, 7: 1}), 1: Counter({0: 1})}


def test_a_gap_in_a_topic_of_outcomes_is_said(tally):
    tally.gap("articles.enriched", 0, 5, 9)
    assert tally.words == ["lost: articles.enriched-0 has 9 where 5 was to come; the check was overtaken"]
