"""The settings of the Faust app, and what goes in and out of its consumer."""

from __future__ import annotations

from types import SimpleNamespace

import faust
import pytest
from aiokafka import codec

from streams.errors import SettingsError
from streams.events.ids import RecordPosition
from streams.metrics import WorkerMetrics
from streams.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings
from streams.workers.app import _input, _release, build_app, check_codec
from streams.workers.ledger import Ledger
from streams.workers.records import InputRecord, Rules
from streams.workers.source import Limits
from streams.workers.state import WorkerState
from streams.workers.static import StaticCatalog
from tests.support.linker import LINKER, FakeView, fake_link

RULES = Rules(TopicSettings(), LINKER, fake_link, lambda: 0.0)


def test_the_codecs_that_need_no_library_always_work(monkeypatch):
    monkeypatch.setattr(codec, "cramjam", None)
    assert check_codec("none") is False
    assert check_codec("gzip") is False
    with pytest.raises(SettingsError, match="WASL_COMPRESSION='lz4'"):
        check_codec("lz4")
    monkeypatch.setattr(codec, "cramjam", object())
    assert check_codec("zstd") is True


@pytest.fixture
def app_of(tmp_path):
    """Build apps that are never started."""
    made = []

    def build(**kafka):
        settings = Settings(
            kafka=KafkaSettings(bootstrap_servers="one:9092,two:9093", **kafka),
            worker=WorkerSettings(group="g", data_dir=tmp_path / "new" / "data", compression="gzip"),
        )
        made.append(
            build_app(
                settings,
                RULES,
                StaticCatalog(FakeView()),
                metrics=WorkerMetrics(),
                state=WorkerState(),
                fail=lambda error: None,
            )
        )
        return made[-1]

    yield build
    for app in made:
        app.consumer._thread.thread_loop.close()


async def test_the_app_is_set_for_delivery_before_acknowledgement(app_of, tmp_path):
    app = app_of()
    conf = app.conf
    assert conf.id == "g"
    assert [str(url) for url in conf.broker_consumer] == ["kafka://one:9092", "kafka://two:9093"]
    assert (conf.web_enabled, conf.topic_allow_declare, conf.topic_disable_leader) == (False, False, True)
    assert (conf.producer_acks, conf.producer_compression_type) == (-1, "gzip")
    assert conf.broker_session_timeout < conf.broker_request_timeout
    assert app.producer._settings_extra() == {"acks": "all", "enable_idempotence": True}
    assert (tmp_path / "new" / "data").is_dir()
    worker = WorkerSettings()
    most = max(worker.max_record_bytes, RULES.dead_limit)
    limits = Limits(worker.batch_size, worker.batch_bytes, worker.batch_within, worker.batch_bytes, most)
    assert app.consumer.work.limits == limits


@pytest.mark.parametrize(("timestamp", "expected"), [(None, None), (-1, None), (0, 0), (2**62, 2**62)])
def test_a_record_comes_in_as_it_is(timestamp, expected):
    record = SimpleNamespace(
        topic="raw", partition=1, offset=7, key=b"k", value=None, headers=(("h", None),), timestamp=timestamp
    )
    made = _input(record)
    assert made == InputRecord(RecordPosition("raw", 1, 7), b"k", None, (("h", None),), expected)


def test_what_is_done_is_released_by_partition():
    ledger = Ledger()
    for partition in (0, 1):
        ledger.fetched_all("raw", partition, [4, 5])
    _release(ledger, [RecordPosition("raw", 0, 4), RecordPosition("raw", 0, 5), RecordPosition("raw", 1, 5)])
    assert ledger.committable() == {("raw", 0): 6}


async def test_user_and_password_reach_faust(app_of):
    app = app_of(security_protocol="SASL_PLAINTEXT", sasl_username="u", sasl_password="p")
    credentials = app.conf.broker_credentials
    assert isinstance(credentials, faust.SASLCredentials)
    assert (credentials.username, credentials.password) == ("u", "p")
    assert credentials.mechanism.value == "SCRAM-SHA-512"


async def test_a_mechanism_that_nobody_knows_is_named(app_of):
    with pytest.raises(SettingsError, match="WASL_KAFKA_SASL_MECHANISM='MAGIC'"):
        app_of(security_protocol="SASL_PLAINTEXT", sasl_mechanism="MAGIC")
