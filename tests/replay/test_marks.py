"""Marks come back as they were written, and count for the record that they were made for alone."""

from __future__ import annotations

import pytest

from streams.errors import EventError
from streams.events.ids import RecordPosition
from streams.replay.marks import Mark, decode_mark, encode_mark, marks_topic
from tests.replay.world import NOW, letter


@pytest.mark.parametrize(
    "mark",
    [
        Mark("a" * 32, "dropped", NOW, author="سلمى", reason="a double"),
        Mark("a", "replayed", NOW, into=RecordPosition("articles.raw", 0, 2**40)),
        Mark("a", "begun", NOW, ends=((0, 0), (1, 17))),
        Mark("a", "reopened", NOW),
    ],
)
def test_marks_come_back(mark):
    assert decode_mark(encode_mark(mark)) == mark


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b'{"letter":"a","action":"eaten","at":"2026-01-01T00:00:00Z"}',
        b'{"letter":"a","action":"begun","at":"2026-01-01T00:00:00Z","ends":[[1]]}',
        b'{"letter":"a","action":"begun","at":"2026-01-01T00:00:00Z","into":["t",1]}',
        b'{"letter":"a","action":"begun","at":"2026-01-01T00:00:00Z","into":"t-1-2"}',
        b'{"letter":"a","digest":7,"action":"begun","at":"2026-01-01T00:00:00Z"}',
    ],
)
def test_what_is_no_mark_is_refused(data):
    with pytest.raises(EventError):
        decode_mark(data)


def test_a_mark_of_earlier_versions_counts_for_the_same_record_alone():
    """They name the position by a digest of it, and the record by one beside that."""
    place = "43d4747ca8236631bf875334caa7334c"
    mark = decode_mark(
        b'{"letter":"%b","digest":"%b","action":"dropped","at":"2026-01-01T00:00:00Z"}'
        % (place.encode(), b"0b08763bfc12c6269d201699341ea83e")
    )
    assert mark.letter == letter(1).id
    assert mark.letter != letter(1, value=b"another").id


def test_marks_stand_beside_the_letters():
    assert marks_topic("articles.dead") == "articles.dead.handled"
