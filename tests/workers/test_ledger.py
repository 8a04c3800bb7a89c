"""The ledger: nothing before a pending record is ever committed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.workers.ledger import Ledger

AT = ("raw", 0)


def fetched(ledger, *offsets):
    for offset in offsets:
        ledger.fetched(*AT, offset)


def done(ledger, *offsets):
    for offset in offsets:
        ledger.done(*AT, offset)


def test_nothing_is_committed_before_something_is_done():
    ledger = Ledger()
    fetched(ledger, 7, 8, 9)
    assert ledger.committable() == {}
    assert ledger.pending() == 3


def test_the_first_pending_record_holds_back_those_behind_it():
    ledger = Ledger()
    fetched(ledger, 7, 8, 9)
    done(ledger, 8, 9)
    assert ledger.committable() == {}
    done(ledger, 7)
    assert ledger.committable() == {AT: 10}


def test_an_offset_is_offered_until_it_is_committed():
    ledger = Ledger()
    fetched(ledger, 0)
    done(ledger, 0)
    assert ledger.committable() == ledger.committable() == {AT: 1}
    ledger.committed([(AT, 1)])
    assert ledger.committable() == {}


def test_gaps_of_compaction_and_transactions_do_not_hold_back():
    ledger = Ledger()
    fetched(ledger, 3, 10, 11)
    done(ledger, 3)
    assert ledger.committable() == {AT: 10}
    done(ledger, 10, 11)
    assert ledger.committable() == {AT: 12}


def test_a_record_goes_back_where_one_came_before():
    ledger = Ledger()
    assert not ledger.goes_back(*AT, 5)
    fetched(ledger, 5, 6)
    done(ledger, 5, 6)
    assert [ledger.goes_back(*AT, offset) for offset in (4, 5, 6, 7)] == [True, True, True, False]
    assert not ledger.goes_back("raw", 1, 5)


def test_reading_again_from_further_back_makes_records_pending_again():
    ledger = Ledger()
    fetched(ledger, 5, 6, 7)
    done(ledger, 5, 6)
    fetched(ledger, 5)
    assert ledger.committable() == {}
    done(ledger, 5)
    assert ledger.committable() == {AT: 6}


def test_reading_that_went_back_behind_the_commit_takes_the_commit_with_it():
    """Kafka has lost the end of its log: what comes anew has offsets that were committed before."""
    ledger = Ledger()
    ledger.fetched_all(*AT, range(200))
    ledger.done_all(*AT, range(200))
    ledger.committed([(AT, 200)])
    ledger.fetched_all(*AT, range(100))
    assert ledger.committable() == {AT: 0}
    ledger.committed([(AT, 0)])
    ledger.done_all(*AT, range(100))
    assert ledger.committable() == {AT: 100}


def test_a_commit_that_was_under_way_while_reading_went_back_is_followed_by_one_further_back():
    ledger = Ledger()
    ledger.fetched_all(*AT, range(200))
    ledger.done_all(*AT, range(200))
    ledger.fetched_all(*AT, range(100))
    ledger.done_all(*AT, range(50))
    ledger.committed([(AT, 200)])
    assert ledger.committable() == {AT: 50}


def test_records_that_are_read_again_from_the_committed_offset_change_no_commit():
    ledger = Ledger()
    fetched(ledger, 5, 6, 7)
    done(ledger, 5)
    ledger.committed([(AT, 6)])
    fetched(ledger, 6, 7)
    assert ledger.committable() == {}


def test_a_partition_that_was_taken_away_is_forgotten_and_begins_anew():
    ledger = Ledger()
    fetched(ledger, 5, 6)
    done(ledger, 5)
    ledger.forget([AT])
    done(ledger, 6)
    ledger.committed([(AT, 6)])
    assert (ledger.committable(), ledger.pending()) == ({}, 0)
    fetched(ledger, 2)
    done(ledger, 2)
    assert ledger.committable() == {AT: 3}


def test_partitions_do_not_mix():
    ledger = Ledger()
    ledger.fetched("raw", 0, 4)
    ledger.fetched("raw", 1, 9)
    ledger.done("raw", 1, 9)
    assert ledger.committable() == {("raw", 1): 10}


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=60))
def test_no_commit_ever_passes_a_record_that_is_not_done(steps):
    """Reads forwards and, now and then, from further back, as after a rebalance; finishes in any order."""
    ledger, position, unfinished = Ledger(), 0, set()
    for reads, number in steps:
        if reads:
            position = min(position, number)
            ledger.fetched(*AT, position)
            unfinished = {offset for offset in unfinished if offset < position} | {position}
            position += 1
        elif number in unfinished:
            ledger.done(*AT, number)
            unfinished.discard(number)
        for offset in ledger.committable().values():
            assert offset <= min(unfinished, default=position)
