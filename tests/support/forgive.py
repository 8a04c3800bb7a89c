"""kafka-python drops the sockets of attempts that failed without closing them; what to do about it in tests.

When such a socket is collected is chance, and whichever test runs then is blamed for it.
"""

from __future__ import annotations

import gc
import socket
import warnings

import pytest

forgives_sockets = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


class _ClosesItself(socket.socket):
    """A socket that may be dropped: every other one still warns when it is."""

    def __del__(self) -> None:
        self.close()


def close_dropped_sockets() -> None:
    """Let the plain sockets of kafka-python close themselves in this process; those with TLS are not reached."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # kafka-python warns while it is imported
        from kafka.net.inet import KafkaNetSocket
    KafkaNetSocket.socket = lambda _, *arguments: _ClosesItself(*arguments)


@pytest.fixture
def forgiving(caplog):
    """Collect the dropped sockets with TLS here, so that no later test is blamed for them."""
    yield
    for phase in ("setup", "call"):
        caplog.get_records(phase).clear()  # the errors logged hold frames that hold sockets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
