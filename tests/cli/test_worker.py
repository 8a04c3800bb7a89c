from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


def test_a_worker_that_cannot_start_says_why(wasl: Callable[..., Result]) -> None:
    result = wasl("worker", "-v", env={"WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1", "WASL_BATCH_SIZE": "many"})
    assert result.exit_code == 1
    assert result.stderr.startswith("error: WASL_BATCH_SIZE='many' is not allowed")
