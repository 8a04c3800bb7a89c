"""``wasl replay`` against a real broker and a real Redis."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from streams.catalog.redis_ import RedisStore, connect
from streams.events.enriched import decode_enriched_article
from streams.events.entity import Entity
from streams.events.envelope import read_envelope
from streams.settings import RedisSettings, Settings

_NAMES = ("Chancellor Berthold Zarquon", "Nvidia", "القاهرة")


@pytest.fixture
def env(topics_env, redis_url, tmp_path, unique):
    found = {**topics_env, "WASL_REDIS_URL": redis_url, "WASL_DATA_DIR": str(tmp_path), "WASL_GROUP": unique}
    _catalogue(found, Entity("Q182477", "organization", {"en": "Nvidia"}))
    return found


def _catalogue(env, *entities):
    client = connect(RedisSettings(env["WASL_REDIS_URL"]))
    RedisStore(client).put_many(entities)
    client.close()


@pytest.fixture
def replay(wasl, env):
    def run(*args, code=0):
        result = wasl("replay", *args, env=env)
        assert result.exit_code == code, result.output
        return result

    return run


def _produce(env, count, *, first=0):
    from streams.kafka.producer import Record, open_producer, write_records

    kafka = Settings.from_env(env).kafka
    records = []
    for number in range(first, first + count):
        body = f"{_NAMES[number % 3]} in the news, number {number}."
        document = {"article_id": f"a{number}", "title": "", "body": body, "revision": 1, "language": "en"}
        records.append(Record(json.dumps(document).encode(), f"k{number}".encode()))
    with open_producer(kafka) as producer:
        return list(write_records(producer, kafka.topics.raw, records))


def _read(env, kind="enriched", topic=None):
    from streams.kafka.consumer import open_consumer, read_records

    kafka = Settings.from_env(env).kafka
    with open_consumer(kafka) as consumer:
        return list(read_records(consumer, [topic or getattr(kafka.topics, kind)]))


def _linked(records):
    return {
        event.article.article_id: {mention.entity_id for mention in event.mentions} - {None}
        for event in (decode_enriched_article(record.value) for record in records)
    }


def _newest(env, count):
    """The records that were written last, by the time that stands in them."""
    records = sorted(_read(env), key=lambda record: decode_enriched_article(record.value).enriched_at)
    return records[-count:]


def test_history_is_linked_once_and_duplicates_share_their_ids(replay, env):
    from streams.kafka.producer import Record, open_producer, write_records

    _produce(env, 30)
    kafka = Settings.from_env(env).kafka
    with open_producer(kafka) as producer:
        list(write_records(producer, kafka.topics.raw, [Record(b"bad", b"k"), Record(None, b"gone")]))
    first = replay("--from", "0")
    assert "keeps no progress" not in first.stderr
    assert first.stdout == "read 32, linked 30, dead letters 1\n"
    records = _read(env)
    assert len(records) == 31
    assert [record.key for record in records if record.value is None] == [b"gone"]
    [dead] = _read(env, "dead")
    assert dead.key == b"k"
    assert _read(env, "unlinked") == []
    again = replay("--from", "0")
    assert "this replay was done before" in again.stderr
    assert len(_read(env)) == 31
    assert replay("--from", "0", "--restart", "--unlinked").stdout.startswith("read 32")
    ids = [read_envelope(record.headers).id for record in _read(env) if record.value is not None]
    assert len(ids) == 60
    assert len(set(ids)) == 30
    assert len(_read(env, "unlinked")) > 0


def test_where_the_broker_keeps_no_progress_that_is_said(wasl, tansu, redis_url, tmp_path, unique):
    """The embedded broker does not; the answer begins anew, which is at least once."""
    env = {"WASL_KAFKA_BOOTSTRAP": tansu.address, "WASL_REDIS_URL": redis_url, "WASL_DATA_DIR": str(tmp_path)}
    env |= {f"WASL_TOPIC_{name.upper()}": f"{unique}-{name}" for name in ("raw", "enriched", "dead", "unlinked")}
    assert wasl("topics", "create", "--partitions", "2", env=env).exit_code == 0
    _catalogue(env, Entity("Q182477", "organization", {"en": "Nvidia"}))
    _produce(env, 3)
    for _ in range(2):
        done = wasl("replay", "--from", "0", "--group", f"{unique}.replay.x", env=env)
        assert done.stdout == "read 3, linked 3, dead letters 0\n"
        assert "this broker keeps no progress of a replay" in done.stderr


def test_a_stretch_between_two_times_goes_to_another_topic(replay, env, unique):
    from streams.kafka.admin import create_topics, open_admin
    from streams.kafka.topics import TopicSpec
    from streams.replay.moments import rfc3339

    _produce(env, 6)
    time.sleep(0.05)
    middle = rfc3339(time.time_ns() // 1_000_000)
    time.sleep(0.05)
    _produce(env, 4, first=100)
    with open_admin(Settings.from_env(env).kafka) as admin:
        create_topics(admin, [TopicSpec(f"{unique}.again", 1)])
    assert replay("--from", middle, "--into", f"{unique}.again").stdout == "read 4, linked 4, dead letters 0\n"
    assert set(_linked(_read(env, topic=f"{unique}.again"))) == {"a100", "a101", "a102", "a103"}
    assert _read(env) == []
    assert replay("--from", "1h", "--to", middle, "--into", f"{unique}.again").stdout.startswith("read 6,")
    for option in ("--into", "--topic"):
        said = replay("--from", "0", option, "nope", code=1).stderr
        assert "Topic nope does not exist.\n  Name a topic that exists" in said
    assert "not a time" in replay("--from", "soon", code=1).stderr


@pytest.mark.parametrize(("begin", "end"), [("3", "1"), ("1d", "7d"), ("2026-11-08T00:00:00Z", "2026-11-01T00:00:00Z")])
def test_a_stretch_that_ends_before_it_begins_is_refused(replay, begin, end):
    said = replay("--from", begin, "--to", end, code=1).stderr
    assert f"--from {begin} lies behind --to {end}" in said


def test_only_what_a_new_name_touches_is_linked_anew(replay, env):
    _produce(env, 30)
    replay("--from", "0")
    assert set().union(*_linked(_read(env)).values()) == {"Q182477"}
    _catalogue(env, Entity("Q85", "place", {"en": "Cairo", "ar": "القاهرة"}))
    done = replay("--from", "0", "--entity", "Q85")
    assert done.stdout == "read 30, linked 10, dead letters 0\n"
    assert _linked(_newest(env, 10)) == {f"a{number}": {"Q85"} for number in range(2, 30, 3)}
    # And what has it already is linked anew when it changes again, though no name of it is left.
    _catalogue(env, Entity("Q85", "place", {"en": "El Qahira"}))
    done = replay("--from", "0", "--entity", "Q85", "--restart")
    assert done.stdout == "read 30, linked 10, dead letters 0\n"
    assert set().union(*_linked(_newest(env, 10)).values()) == set()


def test_a_replay_that_is_killed_goes_on_where_it_was(replay, env, eventually):
    _produce(env, 1500)
    command = [sys.executable, "-m", "streams", "replay", "--from", "0", "--rate", "300"]
    process = subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.PIPE)
    try:
        eventually(lambda: len(_read(env)) > 300, within=40)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stderr.close()
    _produce(env, 5, first=5_000)
    begun = len(_read(env))
    assert begun < 1500
    rest = replay("--from", "0")
    assert "going on" in rest.stderr
    count = int(rest.stdout.split()[1].strip(","))
    # Where it was to end was settled when it began; of what was under way, a batch may stand twice.
    assert 1500 - begun <= count < 1500
    found = _read(env)
    assert set(_linked(found)) == {f"a{number}" for number in range(1500)}
    assert len(found) == begun + count


@pytest.mark.parametrize(("option", "kind"), [("--topic", "enriched"), ("--topic", "dead"), ("--into", "raw")])
def test_a_topic_of_other_records_is_refused(wasl, option, kind):
    env = {"WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1", f"WASL_TOPIC_{kind.upper()}": "mine"}
    result = wasl("replay", "--from", "0", option, "mine", env=env)
    assert result.exit_code == 1
    assert f"{option} mine is not allowed: it is the topic of WASL_TOPIC_{kind.upper()}" in result.stderr
