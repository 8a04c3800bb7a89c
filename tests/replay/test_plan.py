"""Which letters are replayed, as what, and why not the others."""

from __future__ import annotations

import pytest

from streams.events.envelope import ATTEMPTS_HEADER, LETTER_HEADER
from streams.events.ids import RecordPosition
from streams.replay.marks import Mark
from streams.replay.plan import MAX_ATTEMPTS, is_open, plan_replay, replay_record
from tests.replay.world import NOW, letter


def _marks(*pairs):
    return {one.id: Mark(one.id, action, NOW, **fields) for one, action, fields in pairs}


def test_what_was_decided_is_left_alone_unless_again():
    new, begun, done, dropped, reopened = (letter(number) for number in range(5))
    marks = _marks(
        (begun, "begun", {}),
        (done, "replayed", {"into": RecordPosition("raw", 1, 9)}),
        (dropped, "dropped", {"author": "me", "reason": "a double"}),
        (reopened, "reopened", {}),
    )
    letters = [new, begun, done, dropped, reopened]
    plan = plan_replay(letters, marks)
    assert plan.letters == (new, begun, reopened)
    assert [(refusal.letter, refusal.why) for refusal in plan.done] == [
        (done, f"it was replayed at {NOW} as raw-1-9"),
        (dropped, f"it was dropped at {NOW} by me: a double"),
    ]
    assert plan_replay(letters, marks, again=True).letters == tuple(letters)
    assert [is_open(one, marks) for one in letters] == [True, True, False, False, True]


@pytest.mark.parametrize("again", [False, True])
def test_what_was_tried_too_often_is_refused_whatever_else_is_asked(again):
    tried = [letter(number, attempts=number) for number in range(1, MAX_ATTEMPTS + 3)]
    plan = plan_replay(tried, {}, again=again)
    assert [one.content.attempts for one in plan.letters] == list(range(1, MAX_ATTEMPTS))
    assert plan.refused[0].why == f"it was tried {MAX_ATTEMPTS} times, and {MAX_ATTEMPTS} is the limit"
    assert len(plan_replay(tried, {}, max_attempts=100).refused) == 0


def test_a_letter_without_its_record_is_refused():
    [refusal] = plan_replay([letter(code="event.oversize", value=b"", key=None)], {}).refused
    assert "is not in it" in refusal.why
    assert len(plan_replay([letter(code="event.undecodable", value=b"")], {}).letters) == 1


def test_a_tombstone_is_replayed_as_one():
    one = letter(code="event.oversize", value=None)
    assert plan_replay([one], {}).letters == (one,)
    assert replay_record(one).value is None
    [refusal] = plan_replay([letter(code="event.undecodable", value=None, key=None)], {}).refused
    assert "neither key nor value" in refusal.why


def test_the_record_is_as_it_was_and_its_attempts_count_on():
    headers = (("traceparent", b"t"), (ATTEMPTS_HEADER, b"1"), ("n", None), (LETTER_HEADER, b"old"), ("h", b"\xff"))
    one = letter(3, attempts=2, headers=headers, partition=6, key=None, value=b"\x00\xff")
    record = replay_record(one)
    assert (record.value, record.key, record.partition, record.timestamp) == (b"\x00\xff", None, 6, None)
    assert record.headers == (
        ("traceparent", b"t"),
        ("n", b""),
        ("h", b"\xff"),
        (ATTEMPTS_HEADER, b"2"),
        (LETTER_HEADER, one.id.encode()),
    )
