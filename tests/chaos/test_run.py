"""A few of the faults of `make chaos`, which runs them all."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def cluster(apache_or_reason, embedded_options, tmp_path_factory):
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    from chaos.cluster import Cluster

    made = Cluster(tmp_path_factory.mktemp("cluster"), embedded_options)
    yield made
    made.close()


@pytest.fixture(scope="module")
def nursery():
    from chaos.forked import Nursery

    made = Nursery()
    yield made
    made.close()


@pytest.mark.kafka
@pytest.mark.redis
@pytest.mark.parametrize(
    "names",
    [
        ("worker-frozen", "catalogue-promoted"),
        ("broker-cut-off", "redis-failed-over", "workers-killed"),
        ("output-forbidden", "input-doubled"),
    ],
    ids="+".join,
)
def test_nothing_is_lost(cluster, nursery, tmp_path, names):
    from chaos.faults import FAULTS
    from chaos.run import run_faults

    faults = [FAULTS[name] for name in names]
    result = run_faults(faults, seed=1, cluster=cluster, folder=tmp_path / "run", nursery=nursery)
    assert result.problems == []
    assert set(result.timings) == set(names)
    assert result.enriched > 100
    assert result.dead > 0
    assert result.versions >= 2


def test_a_seed_gives_the_same_faults_and_the_same_articles():
    from itertools import islice
    from random import Random

    from chaos.__main__ import combination
    from chaos.load import drafts

    assert [combination(seed) for seed in range(50)] == [combination(seed) for seed in range(50)]
    assert len({fault.name for seed in range(300) for fault in combination(seed)}) > 20
    first, second = (list(islice(drafts("x", Random(3)), 300)) for _ in range(2))
    assert first == second
    assert {draft.kind for draft in first} == {"article", "again", "bad", "tombstone"}
