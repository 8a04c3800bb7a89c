"""Marks come back as they were written, and count for the record that they were made for alone."""

from __future__ import annotations

import pytest

from streams.errors import EventError
from streams.events.ids import RecordPosition
from streams.replay.marks import Mark, decode_mark, encode_mark, mark_of, marks_topic
from tests.replay.world import NOW, letter


@pytest.mark.parametrize(
    "mark",
    [
        Mark("a" * 32, "b" * 32, "dropped", NOW, author="سلمى", reason="a double"),
        Mark("a", "b", "replayed", NOW, into=RecordPosition("articles.raw", 0, 2**40)),
        Mark("a", "b", "begun", NOW, ends=((0, 0), (1, 17))),
        Mark("a", "b", "reopened", NOW),
    ],
)
def test_marks_come_back(mark):
    assert decode_mark(encode_mark(mark)) == mark


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"letter":"a","digest":"b","action":"eaten","at":"2026-01-01T00:00:00Z"}',
        b'{"letter":"a","digest":"b","action":"begun","at":"2026-01-01T00:00:00Z","ends":[[1]]}',
        b'{"letter":"a","digest":"b","action":"begun","at":"2026-01-01T00:00:00Z","into":["t",1]}',
        b'{"letter":"a","digest":"b","action":"begun","at":"2026-01-01T00:00:00Z","into":"t-1-2"}',
    ],
)
def test_what_is_no_mark_is_refused(data):
    with pytest.raises(EventError):
        decode_mark(data)


def test_a_mark_of_another_record_at_the_same_position_does_not_count():
    """A topic that was deleted and made anew gives out its positions again."""
    old, new = letter(1), letter(1, value=b"another")
    marks = {old.id: Mark(old.id, old.digest, "dropped", NOW)}
    assert mark_of(old, marks) is marks[old.id]
    assert mark_of(new, marks) is None
    assert marks_topic("articles.dead") == "articles.dead.handled"
