"""What is looked at before a worker starts, beside the topics, which `test_undeliverable` asks about."""

from __future__ import annotations

import pytest

from streams.kafka.admin import FoundTopic
from streams.workers.checks import check_partitions


@pytest.mark.parametrize(("worker", "is_told"), [(0, False), (1, False), (2, True)])
def test_a_worker_without_a_partition_is_told(caplog, worker, is_told):
    check_partitions(FoundTopic("raw", 2), worker=worker)
    assert [record.partitions for record in caplog.records] == ([2] if is_told else [])
