from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.evaluate.calibration import BINS, crossed, equal_mass, equal_width, error, learn_table
from streams.linking.weights import calibrate

_LINKS = st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.just(1.0)), min_size=1, max_size=60)


def test_the_error_of_links_that_are_as_sure_as_they_are_right() -> None:
    links = [(0.75, at % 4 != 0, 1.0) for at in range(80)]
    assert error(equal_width(links)) == pytest.approx(0)
    assert error(equal_mass(links, bins=1)) == pytest.approx(0)


def test_the_error_by_hand() -> None:
    links = [(0.9, True, 1.0), (0.9, False, 1.0), (0.1, False, 1.0), (0.1, False, 1.0)]
    # Half of the links are 0.4 too sure, half 0.1.
    assert error(equal_width(links)) == pytest.approx(0.25)
    assert [each.count for each in equal_width(links)] == [2, 2]


def test_weights_count() -> None:
    links = [(0.9, True, 3.0), (0.9, False, 1.0)]
    assert equal_width(links)[0].right == pytest.approx(0.75)


def test_bins_of_equal_width_are_half_open_and_the_last_holds_one() -> None:
    (low, high) = equal_width([(0.0, True, 1.0), (1.0, True, 1.0)])
    assert (low.low, high.high) == (0.0, 1.0)
    (only,) = equal_width([(0.5, True, 1.0)], bins=2)
    assert only.low == 0.5


@given(links=_LINKS)
def test_bins_hold_every_link_once(links: list[tuple[float, bool, float]]) -> None:
    for bins in (equal_width(links), equal_mass(links)):
        assert sum(each.count for each in bins) == len(links)
        assert len(bins) <= BINS
        assert sum(each.right * each.weight for each in bins) == pytest.approx(sum(right for _, right, _ in links))
        assert 0 <= error(bins) <= 1


def test_rounding_carries_no_point_beyond_the_next() -> None:
    table = ((0.56, 0.9), (1.0, 0.9))
    shares = [calibrate(step / 1000, table) for step in range(1001)]
    assert max(shares) == 0.9
    assert shares == sorted(shares)


@given(links=_LINKS)
def test_a_map_rises_and_stays_within_bounds(links: list[tuple[float, bool, float]]) -> None:
    table = learn_table(links)
    assert list(table) == sorted(table)
    assert [right for _, right in table] == sorted(right for _, right in table)
    shares = [calibrate(step / 50, table) for step in range(51)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1


def test_a_map_mends_what_is_too_sure() -> None:
    links = [(confidence / 100, at < confidence / 200 * 40, 1.0) for confidence in range(40, 100) for at in range(40)]
    table = learn_table(links)
    mended = [(calibrate(confidence, table), right, weight) for confidence, right, weight in links]
    assert error(equal_width(links)) > 0.3
    assert error(equal_width(mended)) < 0.03


def test_no_links_no_map() -> None:
    assert learn_table([]) == ()
    assert calibrate(0.42, ()) == 0.42


def test_a_map_is_tried_on_sets_that_it_was_not_learnt_from() -> None:
    sure = [(0.8, True, 1.0)] * 10
    unsure = [(0.8, False, 1.0)] * 10
    mapped = crossed([sure, unsure])
    assert [confidence for confidence, _, _ in mapped] == [0.0] * 10 + [1.0] * 10
    assert [right for _, right, _ in mapped] == [True] * 10 + [False] * 10


def test_the_line_through_the_points() -> None:
    table = ((0.5, 0.4), (0.9, 0.8))
    assert [calibrate(raw, table) for raw in (0.0, 0.25, 0.5, 0.7, 0.9, 1.0)] == pytest.approx(
        [0.0, 0.2, 0.4, 0.6, 0.8, 0.8]
    )
