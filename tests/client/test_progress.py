from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.client.progress import Progress
from tests.support.clock import Clock


def test_a_record_is_handled_once_the_next_is_asked_for() -> None:
    progress = Progress(Clock())
    progress.take(("t", 0), 7)
    assert progress.positions() == {}
    progress.take(("t", 1), 3)
    assert progress.positions() == {("t", 0): 8}
    progress.settle()
    assert progress.positions() == {("t", 0): 8, ("t", 1): 4}


def test_a_commit_is_due_after_so_many_or_so_long() -> None:
    clock = Clock()
    progress = Progress(clock, every=3, within=5)
    clock.now = 100
    assert not progress.is_due()
    clock.now = 0
    for offset in range(3):
        progress.take(("t", 0), offset)
    assert not progress.is_due()
    progress.settle()
    assert progress.is_due()
    progress.committed(progress.positions())
    assert not progress.is_due()
    progress.take(("t", 0), 3)
    progress.settle()
    clock.now = 4.9
    assert not progress.is_due()
    clock.now = 5
    assert progress.is_due()


def test_what_was_handled_while_a_commit_ran_is_still_to_commit() -> None:
    progress = Progress(Clock())
    progress.take(("t", 0), 0)
    progress.settle()
    offered = progress.positions()
    progress.take(("t", 0), 1)
    progress.settle()
    progress.committed(offered)
    assert progress.positions() == {("t", 0): 2}


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["take", "settle", "commit", "forget"])), max_size=60))
def test_nothing_is_committed_that_was_not_handled(steps: list[tuple[int, str]]) -> None:
    progress = Progress(Clock())
    given_out = dict.fromkeys(range(3), 0)
    in_hand: tuple[int, int] | None = None
    for partition, step in steps:
        if step == "take":
            progress.take(("t", partition), given_out[partition])
            in_hand = (partition, given_out[partition])
            given_out[partition] += 1
        elif step == "settle":
            progress.settle()
            in_hand = None
        elif step == "forget":
            progress.forget([("t", partition)])
            assert ("t", partition) not in progress.positions()
            in_hand = None if in_hand is not None and in_hand[0] == partition else in_hand
        positions = progress.positions()
        for (_, number), offset in positions.items():
            assert 0 < offset <= given_out[number]
            assert in_hand is None or number != in_hand[0] or offset <= in_hand[1]
        if step == "commit":
            progress.committed(positions)
            assert progress.positions() == {}
