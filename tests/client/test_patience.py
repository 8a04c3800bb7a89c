"""How long a reader waits."""

from __future__ import annotations

import pytest

from streams.client.patience import FORMING, Patience
from streams.errors import BrokerUnavailableError
from tests.support.clock import Clock


def test_a_group_that_forms_is_not_idle() -> None:
    clock = Clock()
    patience = Patience(10.0, group="desk", clock=clock)
    clock.now += 25.0
    assert not patience.is_over()
    patience.join()
    clock.now += 9.9
    assert not patience.is_over()
    clock.now += 0.1
    assert patience.is_over()


def test_it_begins_anew_with_each_article_and_not_when_partitions_are_given_out_again() -> None:
    clock = Clock()
    patience = Patience(10.0, group="desk", clock=clock)
    patience.join()
    clock.now += 9.0
    patience.begin()
    clock.now += 9.0
    assert not patience.is_over()
    patience.join()
    clock.now += 1.0
    assert patience.is_over()


@pytest.mark.parametrize(("idle", "most"), [(10.0, FORMING), (FORMING + 100.0, FORMING + 100.0)])
def test_a_group_that_never_forms_is_an_error(idle: float, most: float) -> None:
    clock = Clock()
    patience = Patience(idle, group="desk", clock=clock)
    clock.now += most - 0.1
    assert not patience.is_over()
    clock.now += 0.1
    with pytest.raises(BrokerUnavailableError, match="partitions of group desk"):
        patience.is_over()


def test_without_a_limit_it_is_never_over() -> None:
    clock = Clock()
    patience = Patience(None, group="desk", clock=clock)
    clock.now += 10 * FORMING
    assert not patience.is_over()
    patience.join()
    clock.now += 10 * FORMING
    assert not patience.is_over()
