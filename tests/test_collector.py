"""The garbage collector is kept away, and comes back as it was."""

from __future__ import annotations

import gc

import pytest

from streams.collector import uncollected


@pytest.mark.parametrize("was_on", [True, False])
def test_it_comes_back_as_it_was(was_on: bool) -> None:
    if not was_on:
        gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
            with uncollected():
                pass
            assert not gc.isenabled()
        assert gc.isenabled() is was_on
        with pytest.raises(KeyError), uncollected():
            {}[0]
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
