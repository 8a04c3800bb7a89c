"""Dead letters: what they keep, what they shed, and how they count."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest

from streams.errors import DecodeError, OversizeError
from streams.events.dead import decode_dead_letter, event_id
from streams.events.envelope import read_envelope
from streams.workers.article import process_record
from streams.workers.dead import ATTEMPTS_HEADER, dead_letter
from streams.workers.records import InputRecord, record_bytes
from tests.support.records import NOW, POSITION, VIEW, record, rules

LATER = "2027-01-01T00:00:00.000Z"


def test_a_dead_letter_sheds_headers_and_then_the_record_to_fit_its_topic():
    source = InputRecord(POSITION, b"key", b"x" * 3_000, (("big", b"h" * 3_000), ("traceparent", b"t")))
    error = DecodeError("It is not an article.")

    def letter(limit):
        outcome = dead_letter(source, rules(dead_limit=limit), error, now=NOW)
        assert record_bytes(outcome.records[0]) <= limit
        return outcome, outcome.records[0], decode_dead_letter(outcome.records[0].value)

    _, whole, value = letter(14_000)
    assert "big" in dict(whole.headers)
    _, lighter, value = letter(10_000)
    assert "big" not in dict(lighter.headers)
    assert dict(lighter.headers)["traceparent"] == b"t"
    assert value.origin.value == source.value
    outcome, cut, value = letter(2_000)
    assert (outcome.code, value.origin.value, value.origin.headers) == (OversizeError.code, b"", ())
    assert "It is not an article. The record (3000 bytes)" in value.failure.message
    assert "articles.raw-3-17" in value.failure.remedy
    # Who drops events by their id keeps one of each kind.
    assert len({read_envelope(each.headers).id for each in (whole, lighter, cut)}) == 3


def test_a_record_that_cannot_fit_is_left_out_without_being_laid_out():
    source = InputRecord(POSITION, b"key", b"{" + b" " * 20_000_000)
    tracemalloc.start()
    try:
        outcome = dead_letter(source, rules(), OversizeError("It is too large."), now=NOW)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert decode_dead_letter(outcome.records[0].value).origin.value == b""
    assert most < 5_000_000


@pytest.mark.parametrize(
    ("other", "is_another"),
    [
        (DecodeError("It is not an article.", remedy="Send one."), False),
        (DecodeError("It is no article.", remedy="Send one."), True),
        (DecodeError("It is not an article.", remedy="Send two."), True),
        (OversizeError("It is not an article.", remedy="Send one."), True),
    ],
)
def test_letters_of_one_record_share_an_id_only_where_they_say_the_same(other, is_another):
    letters = [
        dead_letter(record(b"bad"), rules(), error, now=now).records[0]
        for error, now in ((DecodeError("It is not an article.", remedy="Send one."), NOW), (other, LATER))
    ]
    first, second = (decode_dead_letter(each.value) for each in letters)
    assert (replace(first, failed_at=LATER) != second) == is_another
    assert (letters[0].headers != letters[1].headers) == is_another


def test_letters_of_two_records_at_one_position_have_two_ids():
    """As in a topic that was deleted and made anew."""
    letters = [
        dead_letter(record(value), rules(), DecodeError("It is not an article."), now=NOW).records[0]
        for value in (b"bad", b"dab")
    ]
    assert len({read_envelope(each.headers).id for each in letters}) == 2


def test_a_message_that_is_cut_gives_the_id_of_what_is_left():
    out = dead_letter(record(b"bad"), rules(), DecodeError("x" * 5_000), now=NOW).records[0]
    assert read_envelope(out.headers).id == event_id(decode_dead_letter(out.value), carried=0)


def test_the_dead_letter_of_a_tombstone_says_that_it_is_one():
    source = InputRecord(POSITION, b"gone", None)
    out = dead_letter(source, rules(), DecodeError("Kafka refuses its time."), now=NOW).records[0]
    assert decode_dead_letter(out.value).origin.value is None


@pytest.mark.parametrize(
    ("headers", "timestamp"),
    [(tuple(("h", b"") for _ in range(10_001)), 1), ((("n" * 40_000, b""),), 1), ((), 2**62)],
)
def test_whatever_kafka_takes_gives_a_letter_that_can_be_read(headers, timestamp):
    source = InputRecord(POSITION, b"k", b"{bad", headers, timestamp)
    out = process_record(source, rules(), VIEW, now=NOW).records[0]
    assert decode_dead_letter(out.value).origin.headers == headers


@pytest.mark.parametrize(
    ("header", "attempts"), [(b"1", 2), (b"41", 42), (b"", 1), (b"-1", 1), (b"many", 1), (b"9" * 30, 1)]
)
def test_attempts_count_on_from_the_replays(header, attempts):
    source = replace(record(b"bad"), headers=((ATTEMPTS_HEADER, header),))
    out = process_record(source, rules(), VIEW, now=NOW).records[0]
    assert decode_dead_letter(out.value).attempts == attempts
    assert ATTEMPTS_HEADER not in dict(out.headers)
