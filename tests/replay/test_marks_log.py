"""Marks on a real broker: what was decided before, and by whom it is decided now."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from streams.errors import TopicError
from streams.replay.marks import Mark
from streams.settings import KafkaSettings, TopicSettings
from tests.replay.world import NOW


@pytest.fixture
def kafka(bootstrap_servers, unique):
    return KafkaSettings(bootstrap_servers, topics=TopicSettings(dead=f"{unique}.dead"))


@contextmanager
def _log(kafka):
    from streams.kafka.consumer import open_consumer
    from streams.replay.marks_log import MarksLog

    with ExitStack() as stack:
        log = MarksLog(kafka, stack.enter_context(open_consumer(kafka)), stack)
        log.load()
        yield log


def test_of_two_who_begin_at_once_the_first_goes_on(kafka):
    begun = [Mark(letter, "begun", NOW) for letter in ("a", "b", "c")]
    with _log(kafka) as one, _log(kafka) as other:
        first, second = one.put(*begun), other.put(*begun[:2])
        one.follow()
        other.follow()
        assert [one.is_taken(letter, before=offset) for letter, offset in first.items()] == [False] * 3
        assert [other.is_taken(letter, before=offset) for letter, offset in second.items()] == [True] * 2
        assert [log.is_taken("a") for log in (one, other)] == [True, True]


@pytest.mark.parametrize("action", ["replayed", "dropped"])
def test_a_decision_counts_wherever_it_stands_and_is_put_behind_intentions(kafka, action):
    decided = Mark("a", action, NOW, "somebody")
    with _log(kafka) as one, _log(kafka) as other:
        begun = one.put(Mark("a", "begun", NOW))
        other.put(decided)
        one.follow()
        assert one.is_taken("a", before=begun["a"])
        one.restore(["a"])
        assert one.marks == {"a": decided}
    with _log(kafka) as log:
        assert log.marks == {"a": decided}


def test_what_was_decided_before_is_known_and_taken_by_nobody(kafka):
    with _log(kafka) as log:
        assert log.marks == {}
        log.follow()
        marks = [Mark("a", "begun", NOW), Mark("b", "dropped", NOW)]
        log.put(*marks)
    with _log(kafka) as log:
        assert log.marks == {mark.letter: mark for mark in marks}
        assert not any(log.is_taken(mark.letter) for mark in marks)


def test_what_is_opened_again_is_free_again(kafka):
    with _log(kafka) as one, _log(kafka) as other:
        dropped = Mark("a", "dropped", NOW)
        one.put(dropped)
        other.follow()
        assert other.is_taken("a")
        assert other.marks == {"a": dropped}
        one.put(replace(dropped, action="reopened"))
        other.follow()
        assert not other.is_taken("a")


def test_a_topic_that_was_written_to_and_is_gone_is_no_topic_without_marks(kafka, monkeypatch):
    def gone(*_, **__):
        raise TopicError("The topic does not exist.", remedy="Make it.")

    with _log(kafka) as log:
        for name in ("find_partitions", "find_spans"):
            monkeypatch.setattr(f"streams.replay.marks_log.{name}", gone)
        log.follow()
        log.put(Mark("a", "begun", NOW))
        with pytest.raises(TopicError):
            log.follow()
