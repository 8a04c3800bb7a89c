"""A worker as a process of its own, on topics of its own."""

from __future__ import annotations

import pytest


@pytest.fixture
def bench(bootstrap_servers, unique, tmp_path, eventually):
    from tests.support.bench import Bench  # imported late: kafka-python warns while it is imported

    made = Bench(bootstrap_servers, unique, tmp_path, eventually)
    yield made
    made.close()


@pytest.fixture
def apache_bench(apache, unique, tmp_path, eventually):
    """As ``bench``, but on Apache Kafka or not at all: the embedded broker keeps to no topic's limits."""
    from tests.support.bench import Bench

    made = Bench(apache.address, unique, tmp_path, eventually)
    yield made
    made.close()
