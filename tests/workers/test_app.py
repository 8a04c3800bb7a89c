"""The batch loop on fakes, and the settings of the Faust app."""

from __future__ import annotations

import asyncio
import json

import faust
import pytest
from aiokafka import codec

from streams.errors import SettingsError, TopicError
from streams.events.ids import RecordPosition
from streams.metrics import WorkerMetrics
from streams.settings import KafkaSettings, Settings, TopicSettings, WorkerSettings
from streams.workers.app import BatchLoop, build_app, check_codec, rfc3339_now
from streams.workers.deliver import Courier
from streams.workers.records import InputRecord, Rules
from streams.workers.state import WorkerState
from streams.workers.static import StaticCatalog
from tests.support.linker import LINKER, FakeView, fake_link


class Slow:
    """A broker that answers only when it is told to."""

    def __init__(self, error=None):
        self.sent = []
        self.error = error
        self.answer = asyncio.Event()
        self.all_sent = asyncio.Event()

    async def send(self, record):
        self.sent.append(record)
        if len(self.sent) == 4:
            self.all_sent.set()
        return asyncio.ensure_future(self._wait())

    async def _wait(self):
        await self.answer.wait()
        if self.error is not None:
            raise self.error

    async def renew(self):
        pass


RULES = Rules(TopicSettings(), LINKER, fake_link, lambda: 0.0)


def records(*bodies):
    return [
        InputRecord(
            RecordPosition("raw", 0, number),
            b"k",
            json.dumps({"article_id": "a", "title": "", "body": body}).encode(),
        )
        for number, body in enumerate(bodies)
    ]


def loop_over(broker):
    done, state, metrics = [], WorkerState(), WorkerMetrics()
    courier = Courier(broker, RULES, now=rfc3339_now)
    loop = BatchLoop(RULES, StaticCatalog(FakeView()), courier, done=done.append, metrics=metrics, state=state)
    return loop, done, state, metrics


async def test_a_record_is_done_only_when_all_of_its_batch_is_acknowledged():
    broker = Slow()
    loop, done, state, metrics = loop_over(broker)
    handling = asyncio.ensure_future(loop.handle(records("Nvidia", "POISON", "Zarquon")))
    await broker.all_sent.wait()
    await asyncio.sleep(0)
    assert (done, state.in_hand) == ([], 3)
    broker.answer.set()
    await handling
    assert [at.offset for at in done] == [0, 1, 2]
    assert state.in_hand == 0
    lines = set(metrics.expose().decode().splitlines())
    assert {
        "wasl_articles_total 3.0",
        "wasl_enriched_total 2.0",
        'wasl_dead_letters_total{code="linking.poison"} 1.0',
        "wasl_batch_articles_sum 3.0",
        'wasl_stage_seconds_count{stage="link"} 2.0',
    } <= lines


async def test_nothing_is_done_of_a_batch_that_cannot_be_delivered():
    broker = Slow(TopicError("There is no such topic."))
    broker.answer.set()
    loop, done, state, _ = loop_over(broker)
    with pytest.raises(TopicError):
        await loop.handle(records("Nvidia", "Zarquon"))
    assert done == []
    assert state.in_hand == 2


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


async def test_user_and_password_reach_faust(app_of):
    app = app_of(security_protocol="SASL_PLAINTEXT", sasl_username="u", sasl_password="p")
    credentials = app.conf.broker_credentials
    assert isinstance(credentials, faust.SASLCredentials)
    assert (credentials.username, credentials.password) == ("u", "p")
    assert credentials.mechanism.value == "SCRAM-SHA-512"


async def test_a_mechanism_that_nobody_knows_is_named(app_of):
    with pytest.raises(SettingsError, match="WASL_KAFKA_SASL_MECHANISM='MAGIC'"):
        app_of(security_protocol="SASL_PLAINTEXT", sasl_mechanism="MAGIC")
