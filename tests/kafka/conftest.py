from __future__ import annotations

import gc
import warnings

import pytest


@pytest.fixture
def forgiving():
    """Let pass that kafka-python drops the sockets of attempts that failed without closing them."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
