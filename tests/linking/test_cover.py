from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.linking.cover import Cover

_spans = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)


@given(st.lists(st.tuples(_spans, st.integers(1, 255)), max_size=12), _spans)
def test_a_cover_knows_the_highest_level_everywhere(taken: list, asked: list[int]) -> None:
    cover = Cover(20)
    levels = [0] * 20
    for (start, end), level in taken:
        cover.take(start, end, level)
        for at in range(start, end):
            levels[at] = max(levels[at], level)
    start, end = asked
    assert cover.level(start, end) == max(levels[start:end], default=0)
    assert cover.holds(start, end) is all(level > 0 for level in levels[start:end])


def test_what_is_taken_without_a_level_is_taken_wholly() -> None:
    cover = Cover(5)
    cover.take(1, 3)
    assert [cover.level(at, at + 1) for at in range(5)] == [0, 255, 255, 0, 0]
