"""Kafka by TLS with passwords and rights: what the examples in ops/security allow is enough, and all is needed."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from streams.errors import BrokerError, SettingsError
from streams.settings import Settings
from tests.security.conftest import start_secured_kafka
from tests.support.forgive import forgives_sockets, forgiving
from tests.support.linker import LINKER, FakeView, fake_link

__all__ = ["forgiving"]

pytestmark = [pytest.mark.kafka, forgives_sockets, pytest.mark.usefixtures("forgiving")]

_GROUP = "wasl-linker"
_NOW = "2026-11-23T12:00:00.000Z"


@pytest.fixture(scope="module")
def admin(sasl_kafka, kafka_as):
    from streams.kafka.admin import create_topics, open_admin
    from streams.kafka.topics import declared_topics
    from tests.security import acls

    with open_admin(kafka_as("admin")) as client:
        create_topics(client, declared_topics(Settings(), partitions=1))
        for role in ("worker", "producer", "consumer", "monitor", "page", "steward"):
            acls.grant(client, acls.example_lines(role))
        yield client


def _write(kafka, topic, *values):
    from streams.kafka.producer import Record, open_producer, write_records

    with open_producer(kafka, timeout=4) as producer:
        list(write_records(producer, topic, [Record(value, b"k") for value in values]))


def _read(kafka, topic, group=None):
    from streams.kafka.consumer import open_consumer
    from streams.kafka.spans import Point, find_spans, read_spans, write_progress

    with open_consumer(kafka, group=group) as consumer:
        spans = find_spans(consumer, topic, Point(offset=0), Point())
        found = list(read_spans(consumer, topic, spans))
        if group is not None:
            write_progress(consumer, topic, spans)
        return found


def _describe(kafka, names):
    from streams.kafka.admin import describe_topics, open_admin, read_group_offsets

    with open_admin(kafka) as client:
        found = describe_topics(client, names)
        assert set(found) == set(names), "a topic is not to be seen"
        for name in names:
            assert found[name].configs != {}, "its configuration is not to be seen"
        return read_group_offsets(client, _GROUP, "articles.raw")


def _worker(kafka):
    topics = kafka.topics
    _describe(kafka, [topics.raw, topics.enriched, topics.dead, topics.unlinked])
    _read(kafka, topics.raw, group=_GROUP)
    for topic in (topics.enriched, topics.dead, topics.unlinked):
        _write(kafka, topic, b"{}")


def _producer(kafka):
    _write(kafka, kafka.topics.raw, b"{}")


def _consumer(kafka):
    _read(kafka, kafka.topics.enriched, group="readers")


def _monitor(kafka):
    topics = kafka.topics
    _describe(kafka, [topics.raw, topics.enriched, topics.dead, topics.unlinked])
    _read(kafka, topics.raw)


def _page(kafka):
    """What the monitor page asks Kafka: where the group stands, how old what waits is, who is in it, what came."""
    import asyncio

    from streams.web.lag_ import group_watcher
    from streams.web.tail import KafkaTail
    from streams.web.workers_ import GroupWorkers

    settings = replace(Settings(), kafka=kafka)
    watcher, tail, workers = (
        group_watcher(settings, clock=time.time),
        KafkaTail(kafka),
        GroupWorkers(settings, addresses=()),
    )

    async def look():
        try:
            return await watcher.observe()
        finally:
            await watcher.close()

    try:
        groups = asyncio.run(look())
        assert [group.lag_seconds for group in groups if group.lag_seconds is not None] != [], (
            "its age is not to be seen"
        )
        workers.look()
        tail.poll()
    finally:
        workers.close()
        tail.close()


_ACTS = {"worker": _worker, "producer": _producer, "consumer": _consumer, "monitor": _monitor, "page": _page}


def _refused(act, kafka):
    try:
        act(kafka)
    except (BrokerError, AssertionError):
        return True
    return False


@pytest.mark.parametrize("role", _ACTS)
def test_the_example_rights_are_enough_and_all_are_needed(role, admin, kafka_as, eventually):
    from tests.security import acls

    kafka, act = kafka_as(f"wasl-{role}"), _ACTS[role]
    if role == "page":  # a group that is there, with a record that waits
        _read(kafka_as("admin"), "articles.raw", group=_GROUP)
        _write(kafka_as("admin"), "articles.raw", b"{}")
    eventually(lambda: not _refused(act, kafka), within=60)
    needless = []
    for line in acls.example_lines(role):
        acls.revoke(admin, line)
        deadline = time.monotonic() + 3
        while not _refused(act, kafka):
            if time.monotonic() > deadline:
                needless.append(line)
                break
        acls.grant(admin, [line])
    assert needless == []


_NEEDED = [
    "--operation Read --topic articles.raw",
    "--operation DescribeConfigs --topic articles.raw",
    "--operation Write --topic articles.enriched",
    "--operation DescribeConfigs --topic articles.dead",
    "--operation Read --group wasl-linker",
]


@pytest.mark.parametrize("keeps_describe", [False, True], ids=["none", "describe"])
@pytest.mark.parametrize("line", _NEEDED, ids=[line.removeprefix("--operation ") for line in _NEEDED])
def test_a_worker_says_before_it_starts_which_right_is_missing(line, keeps_describe, admin, kafka_as, eventually):
    from streams.errors import PermissionRefusedError
    from streams.workers.checks import check_topics
    from tests.security import acls

    settings = replace(Settings(), kafka=kafka_as("wasl-worker"))
    asked = line.split()
    operation, name = asked[1], asked[3]
    line = f"allow wasl-worker {line}"
    described = line.replace(operation, "Describe", 1)

    def refusal():
        try:
            check_topics(settings)
        except PermissionRefusedError as exc:
            return exc
        return None

    eventually(lambda: refusal() is None)
    _read(settings.kafka, "articles.raw", group=_GROUP)  # of a group that is not there, the broker says nothing
    acls.revoke(admin, line)
    if keeps_describe:
        acls.grant(admin, [described])
    try:
        eventually(lambda: refusal() is not None)
        error = refusal()
        assert name in error.message
        if keeps_describe or operation == "DescribeConfigs" or name == _GROUP:
            assert error.message.startswith(f"wasl-worker has no right to {operation} on the ")
            assert f"User:wasl-worker --operation {operation} {asked[2]} {name}`" in error.remedy
        else:
            assert f"{asked[2]} {name}`" in error.remedy
    finally:
        acls.grant(admin, [line])
        if keeps_describe:
            acls.revoke(admin, described)


def test_a_stranger_may_do_nothing(admin, kafka_as):
    for role in ("producer", "consumer"):
        kafka = kafka_as(f"wasl-{role}")
        for act in (_ACTS[other] for other in _ACTS if other != role):
            with pytest.raises((BrokerError, AssertionError)):
                act(kafka)


def test_a_steward_works_on_dead_letters_and_history(admin, kafka_as):
    import asyncio

    from streams.kafka.producer import open_producer, write_records
    from streams.kafka.spans import Point
    from streams.replay.desk import open_desk
    from streams.replay.history import Request, blocking, note_enriched, replay_history, replay_rules
    from streams.replay.pace import Pace
    from streams.replay.sender import ProducerSender
    from streams.workers.deliver import Courier
    from tests.replay.world import dead, dead_record

    with open_producer(kafka_as("admin")) as producer:
        records = [dead_record(dead(number, topic="articles.raw")) for number in range(2)]
        list(write_records(producer, "articles.dead", records))
    kafka = kafka_as("wasl-steward")
    with open_desk(kafka, now=lambda: _NOW) as desk:
        assert len(list(desk.replay(desk.letters[:1]))) == 1
        desk.drop(desk.letters[1:], author="me", reason="test")
    with open_desk(kafka, now=lambda: _NOW) as desk:
        assert not any(desk.is_open(letter) for letter in desk.letters)

    class Nothing:
        def note(self, value):
            pass

    note_enriched(kafka, Point(offset=0), Nothing())
    settings = replace(Settings(), kafka=kafka)
    rules = replay_rules(settings, into="articles.enriched", link=fake_link, linker=LINKER, clock=time.monotonic)
    sender, loop = ProducerSender(kafka, most=1_000_000, timeout=10), asyncio.new_event_loop()
    try:
        *_, last = replay_history(
            kafka,
            Request("articles.raw", Point(offset=0), Point(), f"{_GROUP}.replay.test", with_unlinked=True),
            rules,
            FakeView(),
            deliver=blocking(loop.run_until_complete, Courier(sender, rules, now=lambda: _NOW)),
            now=lambda: _NOW,
            pace=Pace(None),
            sleep=time.sleep,
        )
    finally:
        sender.close()
        loop.close()
    assert last.dead == last.read > 0
    assert last.left == 0


def test_a_worker_links_by_tls_with_its_own_rights_and_logs_no_secret(admin, kafka_as, tmp_path, eventually, authority):
    from streams.kafka.producer import Record
    from tests.support.bench import Bench

    user = kafka_as("wasl-worker")
    bench = Bench(user.bootstrap_servers, _GROUP, tmp_path, eventually)
    bench.kafka = kafka_as("admin")
    bench.settings = replace(bench.settings, kafka=bench.kafka)
    document = {"article_id": "secured", "title": "Nvidia", "body": "Zarquon"}
    bench.produce([Record(json.dumps(document).encode(), b"k"), Record(b"bad", b"k")])
    worker = bench.start(
        WASL_KAFKA_SECURITY_PROTOCOL="SASL_SSL",
        WASL_KAFKA_SASL_USERNAME=user.sasl_username,
        WASL_KAFKA_SASL_PASSWORD=user.sasl_password,
        WASL_KAFKA_SSL_CAFILE=str(authority.ca.cert),
        WASL_LOG_LEVEL="DEBUG",
    )
    try:

        def linked():
            assert worker.process.poll() is None, worker.log.read_text(encoding="utf-8")[-2000:]
            return any(b'"secured"' in (record.value or b"") for record in _read(bench.kafka, "articles.enriched"))

        eventually(linked, within=60)
        assert worker.terminate()[0] == 0
        log = worker.log.read_text(encoding="utf-8")
        assert user.sasl_password not in log
        assert "BEGIN" not in log
    finally:
        bench.close()


@pytest.mark.parametrize("wrong", ["password", "authority", "no TLS", "no password"])
def test_who_is_not_let_in_is_told_so_and_no_secret_is_shown(wrong, kafka_as, stranger):
    from streams.kafka.admin import open_admin

    kafka = {
        "password": kafka_as("wasl-worker", password="another-secret"),
        "authority": kafka_as("wasl-worker", cafile=stranger.ca.cert),
        "no TLS": kafka_as("wasl-worker", protocol="SASL_PLAINTEXT"),
        "no password": kafka_as("wasl-worker", protocol="SSL"),
    }[wrong]
    with pytest.raises(BrokerError) as caught, open_admin(kafka, timeout=2.0):
        pass
    assert "secret" not in f"{caught.value} {caught.value!r} {kafka!r}"


def test_a_broker_that_asks_for_certificates_lets_ours_in_alone(
    apache_or_reason, embedded_options, authority, stranger, tmp_path
):
    if apache_or_reason is not None:
        pytest.skip(apache_or_reason)
    from streams.kafka.admin import describe_topics, open_admin
    from streams.settings import KafkaSettings

    ours, others = authority.issue("admin"), stranger.issue("admin")
    with start_secured_kafka(
        tmp_path / "kafka", embedded_options, authority, protocol="SSL", client_auth="required"
    ) as server:
        plain = KafkaSettings(server.address, security_protocol="SSL", ssl_cafile=str(authority.ca.cert))
        with open_admin(replace(plain, ssl_certfile=str(ours.cert), ssl_keyfile=str(ours.key))) as client:
            assert describe_topics(client, ["nope"]) == {}
        for kafka in (plain, replace(plain, ssl_certfile=str(others.cert), ssl_keyfile=str(others.key))):
            with pytest.raises(BrokerError), open_admin(kafka, timeout=2.0):
                pass
        with (
            pytest.raises(SettingsError, match="cannot be read"),
            open_admin(replace(plain, ssl_certfile=str(ours.cert), ssl_keyfile=str(others.key))),
        ):
            pass
        sealed = authority.issue("admin", password="keys-secret")
        encrypted = replace(plain, ssl_certfile=str(sealed.cert), ssl_keyfile=str(sealed.key))
        with open_admin(replace(encrypted, ssl_key_password="keys-secret")) as client:
            assert describe_topics(client, ["nope"]) == {}
        for password in ("", "wrong-secret"):
            with (
                pytest.raises(SettingsError, match="cannot be read") as caught,
                open_admin(replace(encrypted, ssl_key_password=password)),
            ):
                pass
            assert "secret" not in str(caught.value)
