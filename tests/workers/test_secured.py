"""A worker on a broker that asks for a user and a password."""

from __future__ import annotations

import pytest

from tests.support.bench import article


@pytest.mark.kafka
def test_a_worker_with_a_password_links_articles(apache_or_reason, embedded_options, unique, tmp_path, eventually):
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    from dataclasses import replace

    from streams.embedded.apache import ApacheConfig, start_apache
    from tests.support.bench import Bench

    config = ApacheConfig(security_protocol="SASL_PLAINTEXT", scram_users={"wasl": "right"})
    with start_apache(tmp_path / "kafka", embedded_options, config=config) as server:
        bench = Bench(server.address, unique, tmp_path, eventually)
        bench.kafka = replace(
            bench.kafka, security_protocol="SASL_PLAINTEXT", sasl_username="wasl", sasl_password="right"
        )
        try:
            bench.create(partitions=1)
            bench.produce(article(number) for number in range(5))
            worker = bench.start(
                WASL_KAFKA_SECURITY_PROTOCOL="SASL_PLAINTEXT",
                WASL_KAFKA_SASL_USERNAME="wasl",
                WASL_KAFKA_SASL_PASSWORD="right",
            )
            bench.until_committed(5)
            assert worker.terminate()[0] == 0
            assert bench.check().problems == []
            assert "right" not in worker.log.read_text(encoding="utf-8")
        finally:
            bench.close()
