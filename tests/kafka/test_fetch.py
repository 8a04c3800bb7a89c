"""Fetching a little from many places, some of which cannot be had; tests/lag/test_ports.py asks real brokers."""

from __future__ import annotations

from kafka import TopicPartition
from kafka.errors import OffsetOutOfRangeError, TopicAuthorizationFailedError

from streams.kafka.fetch import fetch_until

A0, A1, B0 = TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)


class Consumer:
    """Answers each poll by a script: what came, or what is raised; nothing once the script is over."""

    def __init__(self, *script):
        self.script = list(script)
        self.assigned = []
        self.sought = {}
        self.polls = 0

    def unsubscribe(self):
        self.assigned.append([])

    def assign(self, partitions):
        self.assigned.append(sorted(partitions))

    def seek(self, at, offset):
        self.sought[at] = offset

    def poll(self, *, timeout_ms, max_records):
        self.polls += 1
        step = self.script.pop(0) if len(self.script) > 0 else {}
        if isinstance(step, Exception):
            raise step
        return step


def fetch(consumer, *places):
    found = {}

    def look(_, at, records):
        found.setdefault(at, []).extend(records)
        return len(records) > 0

    fetch_until(consumer, dict.fromkeys(places, 7), look)
    return {at: records for at, records in found.items() if len(records) > 0}


def test_what_has_been_seen_is_no_longer_asked_for():
    consumer = Consumer({A0: ["x"]}, {}, {B0: ["z"], A1: ["y"]})
    assert fetch(consumer, A0, A1, B0) == {A0: ["x"], A1: ["y"], B0: ["z"]}
    assert consumer.sought == {A0: 7, A1: 7, B0: 7}
    assert consumer.assigned == [[], [A0, A1, B0], [A1, B0], []]
    assert consumer.polls == 3


def test_an_offset_that_is_out_of_range_is_given_up_alone():
    consumer = Consumer(OffsetOutOfRangeError({A0: 7}), {A1: ["y"]})
    assert fetch(consumer, A0, A1) == {A1: ["y"]}
    assert consumer.polls == 2


def test_a_topic_that_may_not_be_read_is_given_up_alone():
    consumer = Consumer(TopicAuthorizationFailedError({"a"}), {B0: ["z"]})
    assert fetch(consumer, A0, A1, B0) == {B0: ["z"]}
    assert consumer.polls == 2


def test_it_ends_where_nothing_is_learnt_any_more_and_progress_gives_new_patience():
    consumer = Consumer(*[{}] * 29, {A0: ["x"]})
    assert fetch(consumer, A0, A1) == {A0: ["x"]}
    assert consumer.polls == 60
