"""Settings as arguments of the clients, and a broker that asks for a password."""

from __future__ import annotations

import pytest

from streams.errors import BrokerUnavailableError, SettingsError
from streams.kafka.admin import open_admin
from streams.kafka.client import aiokafka_arguments, kafka_python_arguments, ssl_context
from streams.settings import KafkaSettings


def test_plain_settings_ask_for_nothing_more():
    kafka = KafkaSettings(bootstrap_servers="one:9092, two:9093")
    assert aiokafka_arguments(kafka) == {
        "bootstrap_servers": ["one:9092", "two:9093"],
        "client_id": "wasl",
        "security_protocol": "PLAINTEXT",
    }
    assert kafka_python_arguments(kafka, timeout=1.5)["bootstrap_timeout_ms"] == 1_500


def test_sasl_brings_user_and_password():
    kafka = KafkaSettings(security_protocol="SASL_SSL", sasl_username="u", sasl_password="p")
    arguments = aiokafka_arguments(kafka)
    assert arguments["sasl_plain_username"] == "u"
    assert arguments["sasl_plain_password"] == "p"
    assert arguments["sasl_mechanism"] == "SCRAM-SHA-512"
    assert arguments["ssl_context"].check_hostname
    assert "'p'" not in repr(kafka)


def test_without_tls_there_is_no_context():
    assert ssl_context(KafkaSettings(security_protocol="SASL_PLAINTEXT")) is None


@pytest.mark.parametrize("field", ["ssl_cafile", "ssl_certfile"])
def test_a_certificate_that_cannot_be_read_is_named(field, tmp_path):
    path = tmp_path / "no.pem"
    kafka = KafkaSettings(security_protocol="SSL", **{field: str(path)})
    with pytest.raises(SettingsError, match=r"no\.pem"):
        ssl_context(kafka)


@pytest.fixture(scope="module")
def locked_broker(apache_or_reason, embedded_options, tmp_path_factory):
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    from streams.embedded.apache import ApacheConfig, start_apache

    config = ApacheConfig(security_protocol="SASL_PLAINTEXT", scram_users={"wasl": "right"})
    with start_apache(tmp_path_factory.mktemp("locked"), embedded_options, config=config) as server:
        yield server


@pytest.mark.kafka
def test_a_broker_that_asks_for_a_password_gets_it(locked_broker):
    kafka = KafkaSettings(
        bootstrap_servers=locked_broker.address,
        security_protocol="SASL_PLAINTEXT",
        sasl_username="wasl",
        sasl_password="right",
    )
    with open_admin(kafka) as admin:
        assert admin.list_topics() == []


@pytest.mark.kafka
def test_a_wrong_password_is_hinted_at_and_not_shown(locked_broker):
    kafka = KafkaSettings(
        bootstrap_servers=locked_broker.address,
        security_protocol="SASL_PLAINTEXT",
        sasl_username="wasl",
        sasl_password="mistaken",
    )
    with (
        pytest.raises(BrokerUnavailableError, match="WASL_KAFKA_SASL_USERNAME") as caught,
        open_admin(kafka, timeout=2.0),
    ):
        pass
    assert "mistaken" not in str(caught.value)
