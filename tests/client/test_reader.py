from __future__ import annotations

from dataclasses import dataclass

import pytest

from streams.client.reader import Reader
from streams.client.received import Wanted
from streams.errors import DecodeError
from tests.client.articles import record


@dataclass
class Fetched:
    topic: str
    partition: int
    offset: int
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


def fetched(offset: int, number: int, *, partition: int = 0, **options: object) -> Fetched:
    made = record(number, **options)
    return Fetched("t", partition, offset, made.value, made.headers)


def reader(**options: object) -> Reader:
    given = {"wanted": Wanted(), "on_broken": None, "remember": 100, "clock": lambda: 0.0} | options
    return Reader(**given)


def all_of(of: Reader) -> list[str]:
    found = []
    while (received := of.next()) is not None:
        found.append(received.id)
    return found


def test_duplicates_are_left_out_and_counted() -> None:
    made = reader()
    made.feed([fetched(0, 1), fetched(1, 2), fetched(2, 1), fetched(3, 3)])
    assert all_of(made) == ["e1", "e2", "e3"]
    assert made.duplicates == 1
    assert made.is_hungry


def test_what_is_not_wanted_is_passed_over_and_handled() -> None:
    made = reader(wanted=Wanted(entities=("Q2",)))
    made.feed([fetched(0, 1), fetched(1, 2, entity_id="Q2"), fetched(2, 3)])
    assert all_of(made) == ["e2"]
    assert made.progress.positions() == {("t", 0): 3}


def test_a_tombstone_is_passed_over() -> None:
    made = reader()
    made.feed([Fetched("t", 0, 0, None, ()), fetched(1, 1)])
    assert all_of(made) == ["e1"]


def test_a_broken_record_ends_the_reading_and_stays_unhandled() -> None:
    made = reader()
    made.feed([fetched(0, 1), Fetched("t", 0, 1, b"{", ())])
    assert made.next() is not None
    for _ in range(2):
        with pytest.raises(DecodeError, match=r"^t-0@1 is no enriched article: .*not valid JSON") as refusal:
            made.next()
        assert "on_broken" in refusal.value.remedy
        assert "offset on t-0 to 2" in refusal.value.remedy
    made.progress.settle()
    assert made.progress.positions() == {("t", 0): 1}


def test_a_broken_record_is_told_of_and_passed_over() -> None:
    told = []
    made = reader(on_broken=lambda error, data: told.append((error.message, data)))
    made.feed([Fetched("t", 0, 0, b"{", ()), fetched(1, 1)])
    assert all_of(made) == ["e1"]
    [(message, data)] = told
    assert message.startswith("t-0@0 is no enriched article: ")
    assert data == b"{"


def test_partitions_that_went_elsewhere_are_forgotten() -> None:
    made = reader()
    made.feed([fetched(0, 1), fetched(0, 2, partition=1), fetched(1, 3)])
    made.give_up([("t", 0)])
    assert all_of(made) == ["e2"]
    made.progress.settle()
    assert made.progress.positions() == {("t", 1): 1}
