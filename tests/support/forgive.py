"""kafka-python drops the sockets of attempts that failed without closing them; what to do about it in tests."""

from __future__ import annotations

import gc
import warnings

import pytest

forgives_sockets = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def forgiving(caplog):
    """Collect the dropped sockets here, so that no later test is blamed for them."""
    yield
    for phase in ("setup", "call"):
        caplog.get_records(phase).clear()  # the errors logged hold frames that hold sockets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
