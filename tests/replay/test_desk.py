"""The desk on a real broker: replaying once, remembering, and going on after an interruption."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from streams.errors import TopicError
from streams.events.dead import encode_dead_letter
from streams.events.envelope import ATTEMPTS_HEADER, LETTER_HEADER
from streams.events.ids import record_digest
from streams.replay.letters import Choice, choose, find_letter
from streams.replay.marks import marks_topic
from streams.replay.marks_log import MarksLog
from streams.settings import KafkaSettings, TopicSettings
from tests.replay.world import NOW, dead, dead_record


@pytest.fixture
def kafka(bootstrap_servers, unique):
    from streams.kafka.admin import create_topics, open_admin
    from streams.kafka.topics import TopicSpec

    settings = KafkaSettings(bootstrap_servers, topics=TopicSettings(f"{unique}.raw", dead=f"{unique}.dead"))
    with open_admin(settings) as admin:
        create_topics(admin, [TopicSpec(settings.topics.raw, 3), TopicSpec(settings.topics.dead, 1)])
    return settings


def _write(kafka, topic, records):
    from streams.kafka.producer import open_producer, write_records

    with open_producer(kafka) as producer:
        return list(write_records(producer, topic, records))


def _read(kafka, topic):
    from streams.kafka.consumer import open_consumer, read_records

    with open_consumer(kafka) as consumer:
        return list(read_records(consumer, [topic]))


def _desk(kafka):
    from streams.replay.desk import open_desk

    return open_desk(kafka, now=lambda: NOW)


def _letters(kafka, count, **fields):
    contents = [dead(number, topic=kafka.topics.raw, partition=number % 3, **fields) for number in range(count)]
    _write(kafka, kafka.topics.dead, [dead_record(content) for content in contents])
    return contents


def test_letters_are_replayed_once_and_dropped_ones_stay_in_kafka(kafka):
    from streams.kafka.producer import Record

    _letters(kafka, 3)
    # The same letter once more, as after a restart of a worker, and what is none.
    _letters(kafka, 1)
    _write(kafka, kafka.topics.dead, [Record(b"not a letter", b"k"), Record(None, b"k")])
    with _desk(kafka) as desk:
        assert [letter.copies for letter in desk.letters] == [2, 1, 1]
        assert len(desk.unreadable) == 2
        done = list(desk.replay(desk.letters[:2], author="me"))
        desk.drop(desk.letters[2:], author="me", reason="a double")
        assert [desk.is_open(letter) for letter in desk.letters] == [False, False, False]
    records = _read(kafka, kafka.topics.raw)
    assert {(record.partition, record.key, record.value) for record in records} == {(0, b"k", b"v0"), (1, b"k", b"v1")}
    for record, one in zip(sorted(records, key=lambda found: found.partition), done, strict=True):
        assert dict(record.headers) == {
            "h": b"\xff",
            "n": b"",
            ATTEMPTS_HEADER: b"1",
            LETTER_HEADER: one.letter.id.encode(),
        }
        assert (one.into.partition, one.into.offset) == (record.partition, record.offset)
    with _desk(kafka) as desk:
        assert [desk.is_open(letter) for letter in desk.letters] == [False, False, False]
        assert {mark.action for mark in desk.marks.values()} == {"replayed", "dropped"}
        desk.reopen(desk.letters[2:], author="me", reason="no double after all")
        assert desk.is_open(desk.letters[2])
    assert len(_read(kafka, kafka.topics.dead)) == 6


def test_a_record_that_failed_twice_for_two_reasons_is_one_letter_and_replayed_once(kafka):
    from streams.kafka.producer import Record

    for event, message in (("1" * 32, "too large"), ("2" * 32, "too large for the topic"), ("2" * 32, "the same")):
        names = {"id": event, "source": "s", "type": "t", "specversion": "1.0"}
        headers = tuple((f"ce_{name}", value.encode()) for name, value in names.items())
        content = dead(7, topic=kafka.topics.raw, message=message)
        _write(kafka, kafka.topics.dead, [Record(encode_dead_letter(content), b"k", headers)])
    with _desk(kafka) as desk:
        [letter] = desk.letters
        assert (letter.copies, letter.content.failure.message) == (3, "the same")
        assert letter.events == ("1" * 32, "2" * 32)
        assert [find_letter(desk.letters, each) for each in (letter.short_id, "1" * 12, "2" * 32)] == [letter] * 3
        list(desk.replay(choose(desk.letters, Choice(ids=("1" * 8,)))))
        assert not desk.is_open(letter)
    assert len(_read(kafka, kafka.topics.raw)) == 1


def test_a_tombstone_comes_back_as_a_tombstone(kafka):
    _write(kafka, kafka.topics.dead, [dead_record(dead(1, topic=kafka.topics.raw, value=None))])
    with _desk(kafka) as desk:
        list(desk.replay(desk.letters))
    assert [(record.key, record.value) for record in _read(kafka, kafka.topics.raw)] == [(b"k", None)]


def test_letters_of_a_topic_that_was_made_anew_hide_none_of_the_old_one(kafka):
    old, new = (dead(7, topic=kafka.topics.raw, value=value) for value in (b"first", b"second"))
    _write(kafka, kafka.topics.dead, [dead_record(old), dead_record(new)])
    with _desk(kafka) as desk:
        assert [letter.content for letter in desk.letters] == [old, new]
        desk.drop(desk.letters[:1], author="me", reason="gone with its topic")
    with _desk(kafka) as desk:
        assert [desk.is_open(letter) for letter in desk.letters] == [False, True]


def test_a_replay_that_was_interrupted_sends_nothing_twice(kafka):
    _letters(kafka, 4)
    waits = []
    with _desk(kafka) as desk:
        steps = desk.replay(desk.letters)
        first = next(steps)
        # As if the process had died right after the second record was written: its mark says "begun" still.
        second = desk.letters[1]
        from streams.replay.plan import replay_record

        [written] = _write(kafka, kafka.topics.raw, [replay_record(second)])
    with _desk(kafka) as desk:
        assert [desk.is_open(letter) for letter in desk.letters] == [False, True, True, True]
        again = list(desk.replay([letter for letter in desk.letters if desk.is_open(letter)], sleep=waits.append))
    assert [(one.letter.id, one.is_new) for one in again] == [
        (second.id, False),
        *((letter.id, True) for letter in desk.letters[2:]),
    ]
    assert (again[0].into.partition, again[0].into.offset) == (written.partition, written.offset)
    assert sorted(record.value for record in _read(kafka, kafka.topics.raw)) == [b"v0", b"v1", b"v2", b"v3"]
    assert first.is_new
    # The one that died might have been alive.
    assert waits == [5.0]


def test_a_record_that_an_earlier_version_has_sent_is_sent_to_no_second_place(kafka):
    import orjson

    from streams.kafka.producer import Record
    from streams.replay.plan import replay_record

    old, new = (dead(7, topic=kafka.topics.raw, value=value) for value in (b"first", b"second"))
    _write(kafka, kafka.topics.dead, [dead_record(old), dead_record(new)])
    with _desk(kafka) as desk:
        letters = desk.letters
        desk.drop(letters, author="me", reason="to have the topic of marks")
    for letter in letters:
        origin = letter.content.origin
        mark = {
            "letter": letter.place_id,
            "digest": record_digest(origin.key, origin.value, origin.timestamp),
            "action": "begun",
            "at": NOW,
            "ends": [[0, 0]],
        }
        _write(kafka, marks_topic(kafka.topics.dead), [Record(orjson.dumps(mark), letter.place_id.encode())])
    sent = replay_record(letters[0])
    headers = tuple(
        (name, letters[0].place_id.encode() if name == LETTER_HEADER else value) for name, value in sent.headers
    )
    _write(kafka, kafka.topics.raw, [replace(sent, headers=headers)])
    with _desk(kafka) as desk:
        assert [one.is_new for one in desk.replay(letters, sleep=lambda _: None)] == [False, True]
    assert [record.value for record in _read(kafka, kafka.topics.raw)] == [b"first", b"second"]


def test_two_who_replay_one_after_the_other_send_each_letter_once(kafka):
    _letters(kafka, 3)
    with _desk(kafka) as one, _desk(kafka) as other:
        assert len(list(one.replay(one.letters))) == 3
        assert list(other.replay(other.letters)) == []
        assert other.left == other.letters
    assert len(_read(kafka, kafka.topics.raw)) == 3


def test_two_who_replay_at_once_send_each_letter_once(kafka):
    _letters(kafka, 30)
    with ExitStack() as stack:
        desks = [stack.enter_context(_desk(kafka)) for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(lambda desk: list(desk.replay(desk.letters)), desks))
    assert sum(map(len, done)) == 30
    assert sum(len(desk.left) for desk in desks) == 60
    assert sorted(record.value for record in _read(kafka, kafka.topics.raw)) == sorted(b"v%d" % n for n in range(30))


def test_who_comes_while_another_is_at_it_waits_and_sends_nothing_again(kafka):
    _letters(kafka, 4)
    with _desk(kafka) as one:
        steps = one.replay(one.letters)
        next(steps)
        rest = []
        with _desk(kafka) as other:
            letters = [letter for letter in other.letters if other.is_open(letter)]
            assert list(other.replay(letters, sleep=lambda _: rest.extend(steps))) == []
            assert other.left == letters == [each.letter for each in rest]
    assert len(_read(kafka, kafka.topics.raw)) == 4


def test_what_another_decides_while_an_intention_is_written_stands(kafka, monkeypatch):
    _letters(kafka, 1)
    with _desk(kafka) as one, _desk(kafka) as other:
        put = MarksLog.put

        def drop_first(log, *marks):
            monkeypatch.setattr(MarksLog, "put", put)
            other.drop(other.letters, author="me", reason="never send it")
            return put(log, *marks)

        monkeypatch.setattr(MarksLog, "put", drop_first)
        assert list(one.replay(one.letters)) == []
        assert one.left == one.letters
    with _desk(kafka) as desk:
        assert not desk.is_open(desk.letters[0])
        assert desk.marks[desk.letters[0].id].reason == "never send it"
    assert _read(kafka, kafka.topics.raw) == []


def test_what_another_has_replayed_is_not_dropped(kafka):
    _letters(kafka, 2)
    with _desk(kafka) as one, _desk(kafka) as other:
        list(other.replay(other.letters[:1]))
        one.drop(one.letters, author="me", reason="a double")
        assert one.left == one.letters[:1]
    with _desk(kafka) as desk:
        assert [desk.marks[letter.id].action for letter in desk.letters] == ["replayed", "dropped"]


def test_what_another_has_dropped_can_be_reopened_and_replayed(kafka):
    _letters(kafka, 1)
    with _desk(kafka) as one, _desk(kafka) as other:
        other.drop(other.letters, author="me", reason="a double")
        one.reopen(one.letters, author="me", reason="no double after all")
        assert len(list(one.replay(one.letters))) == 1


def test_who_is_slow_says_so_and_goes_on_alone(kafka):
    _letters(kafka, 4)
    now = [0.0]
    with _desk(kafka) as one:
        steps = one.replay(one.letters, clock=lambda: now[0])
        next(steps)
        rest = []

        def wait(_):
            for _ in range(2):
                now[0] += 2.4
                rest.append(next(steps))

        with _desk(kafka) as other:
            letters = [letter for letter in other.letters if other.is_open(letter)]
            assert list(other.replay(letters, sleep=wait)) == []
            assert other.left == letters
        assert len([*rest, *steps]) == 3
    assert len(_read(kafka, kafka.topics.raw)) == 4


def test_who_stood_still_for_long_leaves_to_others_what_they_have_begun(kafka):
    _letters(kafka, 4)
    now = [0.0]
    with _desk(kafka) as one:
        steps = one.replay(one.letters, clock=lambda: now[0])
        next(steps)
        with _desk(kafka) as other:
            letters = [letter for letter in other.letters if other.is_open(letter)]
            others = other.replay(letters, sleep=lambda _: None)
            next(others)
            now[0] = 6.0
            assert list(steps) == []
            assert one.left == one.letters[1:]
            assert len(list(others)) == 2
    assert len(_read(kafka, kafka.topics.raw)) == 4


def test_who_is_slow_by_choice_has_no_intention_while_it_waits(kafka):
    _letters(kafka, 3)
    sent = []
    with _desk(kafka) as one:

        def another(_):
            with _desk(kafka) as other:
                letters = [letter for letter in other.letters if other.is_open(letter)]
                sent.extend(other.replay(letters, sleep=pytest.fail))

        assert len(list(one.replay(one.letters, rate=0.1, sleep=another))) == 1
        assert one.left == one.letters[1:]
    assert len(sent) == 2
    assert len(_read(kafka, kafka.topics.raw)) == 3


@pytest.mark.parametrize("skew", [-10, 10])
def test_clocks_that_differ_do_not_shorten_the_wait(kafka, skew):
    from streams.replay.desk import open_desk

    _letters(kafka, 2)
    with _desk(kafka) as desk:
        next(desk.replay(desk.letters))
    waits = []
    with open_desk(kafka, now=lambda: f"2026-11-23T{12 if skew > 0 else 11}:{skew % 60:02}:00.000Z") as desk:
        list(desk.replay(desk.letters[1:], sleep=waits.append))
    assert waits == [5.0]


def test_an_intention_of_long_ago_is_not_waited_for(kafka):
    from streams.replay.desk import open_desk

    _letters(kafka, 2)
    with _desk(kafka) as desk:
        next(desk.replay(desk.letters))
    waits = []
    with open_desk(kafka, now=lambda: "2026-11-23T14:00:00.000Z") as desk:
        assert len(list(desk.replay(desk.letters[1:], sleep=waits.append))) == 1
    assert waits == []


def test_an_earlier_replay_is_not_taken_for_one_that_was_interrupted_later(kafka):
    _letters(kafka, 4)

    def dies(_):
        raise KeyboardInterrupt

    def begin(letter, other):
        """Replay another letter, and die when the intention to replay this one is written, and nothing else."""
        with _desk(kafka) as desk, pytest.raises(KeyboardInterrupt):
            list(desk.replay([desk.letters[other], desk.letters[letter]], rate=2, sleep=dies))

    begin(0, 1)
    with _desk(kafka) as desk:
        list(desk.replay([desk.letters[3]]))
    begin(3, 2)
    with _desk(kafka) as desk:
        again = list(desk.replay([desk.letters[0], desk.letters[3]], sleep=lambda _: None))
    assert [one.is_new for one in again] == [True, True]
    assert sorted(record.value for record in _read(kafka, kafka.topics.raw)) == [b"v0", b"v1", b"v2", b"v3", b"v3"]


def test_the_pace_is_kept(kafka):
    _letters(kafka, 5)
    waits = []
    with _desk(kafka) as desk:
        assert len(list(desk.replay(desk.letters, rate=0.5, sleep=waits.append))) == 5
    # Nobody sleeps here, so that the waits add up.
    assert waits[-1] > 6


def test_a_partition_that_is_gone_is_left_to_the_key(kafka):
    content = dead(1, topic=kafka.topics.raw, partition=77)
    _write(kafka, kafka.topics.dead, [dead_record(content)])
    with _desk(kafka) as desk:
        [done] = desk.replay(desk.letters)
    assert done.into.partition < 3


def test_without_a_topic_of_dead_letters_there_is_no_desk(kafka):
    with (
        pytest.raises(TopicError, match="does not exist"),
        _desk(replace(kafka, topics=replace(kafka.topics, dead="nope"))),
    ):
        pass
