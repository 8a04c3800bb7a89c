"""Apache Kafka starts from the locked jars, and survives what brokers must survive."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic, OffsetSpec
from kafka.errors import KafkaError

from streams.embedded import apache as module
from streams.embedded.apache import ApacheConfig, fetch_kafka, locked_version, start_apache
from streams.embedded.java import find_java
from streams.embedded.options import EmbeddedOptions
from streams.errors import EmbeddedServerError


@pytest.fixture
def runnable(apache_or_reason, embedded_options):
    """The options to start a broker with; skips where none can run and none need."""
    if apache_or_reason is not None:
        pytest.skip(f"Apache Kafka cannot run here: {apache_or_reason}")
    return embedded_options


def _produce(topic, *values, **options):
    with KafkaProducer(acks="all", **options) as producer:
        return [producer.send(topic, value=value).get(20).offset for value in values]


def _consume(topic, count, **options):
    with KafkaConsumer(auto_offset_reset="earliest", **options) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        records = []
        while len(records) < count:
            polled = consumer.poll(10_000)
            assert polled != {}, f"nothing more after {len(records)} of {count} records"
            records += [record.value for batch in polled.values() for record in batch]
        return records


def _create(topic, **options):
    with KafkaAdminClient(**options) as admin:
        admin.create_topics([NewTopic(topic, 1, 1)])


def test_records_round_trip(apache, unique):
    _create(unique, bootstrap_servers=apache.address)
    assert _produce(unique, "خبر".encode(), b"news", bootstrap_servers=apache.address) == [0, 1]
    assert _consume(unique, 2, bootstrap_servers=apache.address) == ["خبر".encode(), b"news"]


def test_the_broker_of_most_tests_answers(broker, bootstrap_servers, unique):
    _create(unique, bootstrap_servers=bootstrap_servers)
    with KafkaAdminClient(bootstrap_servers=broker.address) as admin:
        assert unique in admin.list_topics()


def test_a_misspelt_topic_is_an_error(apache, unique):
    with pytest.raises(KafkaError):
        _produce(unique, b"lost", bootstrap_servers=apache.address, max_block_ms=500)


def test_acknowledged_records_survive_a_stop_and_a_kill(runnable, tmp_path):
    with start_apache(tmp_path / "with space", runnable) as server:
        _create("kept", bootstrap_servers=server.address)
        _produce("kept", b"1", bootstrap_servers=server.address)
        server.restart()
        _produce("kept", b"2", bootstrap_servers=server.address)
        server.kill()
        server.start()
        assert _consume("kept", 2, bootstrap_servers=server.address) == [b"1", b"2"]
    with start_apache(tmp_path / "with space", runnable) as another:
        assert _consume("kept", 2, bootstrap_servers=another.address) == [b"1", b"2"]


def test_a_paused_broker_goes_on_where_it_was(apache, unique):
    _create(unique, bootstrap_servers=apache.address)
    with KafkaProducer(bootstrap_servers=apache.address, request_timeout_ms=30_000) as producer:
        assert producer.send(unique, value=b"1").get(20).offset == 0
        apache.pause()
        try:
            waiting = producer.send(unique, value=b"2")
            with pytest.raises(KafkaError):
                waiting.get(0.5)
        finally:
            apache.resume()
        assert waiting.get(30).offset == 1


def test_clients_may_be_asked_for_tls_and_a_password(runnable, tmp_path):
    keytool = Path(find_java(runnable.java_home).program).resolve().parent / "keytool"
    store, certificate = tmp_path / "store.p12", tmp_path / "ca.pem"
    common = ["-keystore", store, "-storepass", "changeit", "-alias", "broker"]
    identity = ["-dname", "CN=localhost", "-ext", "SAN=ip:127.0.0.1", "-keyalg", "EC", "-validity", "2"]
    for command in (
        [keytool, "-genkeypair", *common, *identity, "-storetype", "PKCS12"],
        [keytool, "-exportcert", "-rfc", *common, "-file", certificate],
    ):
        subprocess.run(command, check=True, capture_output=True)
    config = ApacheConfig(
        security_protocol="SASL_SSL",
        scram_users={"reader": "s3cret"},
        properties={
            "listener.name.client.ssl.keystore.location": str(store),
            "listener.name.client.ssl.keystore.password": "changeit",
            "listener.name.client.ssl.keystore.type": "PKCS12",
        },
    )
    with start_apache(tmp_path / "kafka", runnable, config=config) as server:
        options = {
            "bootstrap_servers": server.address,
            "security_protocol": "SASL_SSL",
            "ssl_cafile": str(certificate),
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": "reader",
        }
        _create("guarded", **options, sasl_plain_password="s3cret")
        assert _produce("guarded", b"1", **options, sasl_plain_password="s3cret") == [0]
        with pytest.raises(KafkaError):
            KafkaAdminClient(**options, sasl_plain_password="wrong", api_version_auto_timeout_ms=2000)


def test_secrets_do_not_show():
    config = ApacheConfig(scram_users={"reader": "s3cret"}, properties={"password": "changeit"})
    assert "s3cret" not in repr(config)
    assert "changeit" not in repr(config)


def test_its_latest_offset_counts_every_record(apache, unique):
    _create(unique, bootstrap_servers=apache.address)
    with KafkaProducer(bootstrap_servers=apache.address, linger_ms=50) as producer:
        for value in (b"1", b"2", b"3"):
            producer.send(unique, value=value)
        producer.flush()
    with KafkaAdminClient(bootstrap_servers=apache.address) as admin:
        partition = TopicPartition(unique, 0)
        assert admin.list_partition_offsets({partition: OffsetSpec.LATEST})[partition].offset == 3


def test_a_property_that_is_wrong_is_an_error_with_the_brokers_words(runnable, tmp_path):
    config = ApacheConfig(properties={"log.retention.hours": "soon"})
    with pytest.raises(EmbeddedServerError, match=r"(?s)could not be formatted.*log\.retention\.hours"):
        start_apache(tmp_path, runnable, config=config)


def test_the_lock_names_one_version_throughout():
    jars = module.read_lock(module._lock_text())
    assert {jar.version for jar in jars if jar.group == "org.apache.kafka"} == {locked_version()}
    assert locked_version().startswith("4.")
    assert "log4j-slf4j-impl" in {jar.artifact for jar in jars}, "without it the broker writes no log"


def test_without_java_it_says_so(tmp_path):
    options = EmbeddedOptions(java_home=tmp_path)
    with pytest.raises(EmbeddedServerError, match="Install a Java runtime"):
        start_apache(tmp_path, options)


def test_it_asks_the_repository_that_the_options_name(tmp_path, monkeypatch):
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    options = EmbeddedOptions(cache=tmp_path, maven_url="http://127.0.0.1:9/maven2")
    with pytest.raises(EmbeddedServerError, match="WASL_MAVEN_URL"):
        fetch_kafka(options)
    assert (tmp_path / f"kafka-{locked_version()}").is_dir()
