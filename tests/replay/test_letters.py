"""Letters are told apart, grouped and chosen."""

from __future__ import annotations

import pytest

from streams.errors import InputError
from streams.events.ids import RecordPosition, dead_record_id, record_digest
from streams.replay.letters import Choice, choose, find_letter, group_causes, reason_of
from streams.replay.moments import milliseconds
from tests.replay.world import letter


def test_the_id_is_that_of_the_record_and_its_place():
    one = letter(7)
    assert one.id == dead_record_id(RecordPosition("raw", 0, 7), record_digest(b"k", b"v7", 1_000))
    assert one.id.startswith(one.short_id)
    assert letter(7, message="another").id == one.id
    others = ({"key": None}, {"key": b""}, {"value": b"x"}, {"timestamp": None}, {"partition": 1})
    assert len({one.id, *(letter(7, **other).id for other in others)}) == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The raw article has 1020049 bytes; at most 1000000.", "The raw article has 2 bytes; at most 1,000,000."),
        ("A field that its schema does not know: 'langauge'.", "A field that its schema does not know: 'tilte'."),
        ("It begins with b'not json'.", "It begins with b'\\x00\\'x'."),
        ("url is 'aaaa… (5000 characters)', bad", "url is \"bbb… (77 characters)', bad"),
        ("at line 1 column 1 (char 0).", "at line 23 column 456 (char 789)."),
    ],
)
def test_messages_of_one_cause_have_one_reason(one, other):
    assert reason_of(one) == reason_of(other)


def test_messages_of_different_causes_have_different_reasons():
    assert reason_of("The raw article has no title.") != reason_of("The raw article has no body.")
    assert len(reason_of("word " * 1_000)) < 200


def test_causes_are_grouped_by_code_stage_and_reason():
    letters = [
        letter(1, message="has 1 byte", failed_at="2026-01-02T00:00:00Z", attempts=3),
        letter(2, message="has 22 byte", failed_at="2026-01-01T12:00:00+14:00"),
        letter(3, message="has no title"),
        *(letter(number, code="linking.poison", message="failed") for number in range(4, 9)),
    ]
    first, second, third = group_causes(letters)
    assert (first.code, first.count) == ("linking.poison", 5)
    assert first.samples == tuple(letter(number).short_id for number in (8, 7, 6))
    assert (second.reason, second.count, second.attempts) == ("has N byte", 2, 3)
    assert (second.first, second.last) == ("2026-01-01T12:00:00+14:00", "2026-01-02T00:00:00Z")
    assert (third.code, third.stage, third.count) == ("event.invalid", "receiving", 1)


_LETTERS = [
    letter(1),
    letter(2, code="event.oversize", failed_at="2026-11-24T00:00:00Z"),
    letter(3, code="events.other"),
    letter(4, topic="raw2"),
]


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        (Choice(), [1, 2, 3, 4]),
        (Choice(cause="event"), [1, 2, 4]),
        (Choice(cause="event.oversize"), [2]),
        (Choice(cause="broker"), []),
        (Choice(cause="events"), [3]),
        (Choice(since=milliseconds("2026-11-24T00:00:00Z")), [2]),
        (Choice(topic="raw2"), [4]),
        (Choice(ids=(letter(3).id, letter(1).short_id)), [1, 3]),
        (Choice(ids=(letter(1).id,), cause="linking"), []),
    ],
)
def test_letters_are_chosen(choice, numbers):
    assert [found.content.origin.offset for found in choose(_LETTERS, choice)] == numbers


@pytest.mark.parametrize("cause", ["event.bogus", "event.o", "even", "", "event."])
def test_a_cause_that_no_letter_can_have_is_refused(cause):
    with pytest.raises(InputError, match="no error code") as refusal:
        choose(_LETTERS, Choice(cause=cause))
    assert "event.undecodable, event.invalid" in refusal.value.remedy


def test_an_id_that_names_none_or_many_is_refused():
    assert find_letter(_LETTERS, letter(2).id.upper()) == _LETTERS[1]
    with pytest.raises(InputError, match="No dead letter has the id 'x'"):
        find_letter(_LETTERS, "x")
    with pytest.raises(InputError, match="No dead letter"):
        find_letter(_LETTERS, "")
    many = [letter(number) for number in range(100)]
    first = many[0].id[0]
    with pytest.raises(InputError, match="dead letters have an id that begins with"):
        find_letter(many, first)
