"""What a replay of history leaves behind on real brokers; `tests/cli/test_replay.py` has what it does."""

from __future__ import annotations

import time

import pytest

from streams.settings import KafkaSettings, TopicSettings
from tests.support.linker import LINKER, FakeView, fake_link


@pytest.fixture(params=["broker", "tansu"])
def kafka(request, unique):
    from streams.kafka.admin import create_topics, open_admin
    from streams.kafka.producer import open_producer, write_records
    from streams.kafka.topics import TopicSpec
    from tests.support.bench import article

    found = KafkaSettings(request.getfixturevalue(request.param).address, topics=TopicSettings(raw=unique))
    with open_admin(found) as admin:
        create_topics(admin, [TopicSpec(unique, 2)])
    with open_producer(found) as producer:
        list(write_records(producer, unique, [article(number) for number in range(20)]))
    return found


def test_a_replay_that_is_done_is_behind_nothing(kafka, unique):
    from streams.kafka.offsets import KafkaOffsets
    from streams.kafka.spans import Point
    from streams.replay.history import Request, replay_history
    from streams.replay.pace import Pace
    from streams.workers.records import Rules

    group = f"{unique}.replay"
    steps = replay_history(
        kafka,
        Request(unique, Point(offset=0), Point(), group),
        Rules(kafka.topics, LINKER, fake_link, time.perf_counter),
        FakeView(),
        deliver=list,
        now=lambda: "2026-11-30T00:00:00.000Z",
        pace=Pace(None),
        sleep=time.sleep,
    )
    assert list(steps)[-1].linked == 20
    offsets = KafkaOffsets(kafka)
    try:
        assert offsets.committed([group]).get(group, {}) == {}
    finally:
        offsets.close()
