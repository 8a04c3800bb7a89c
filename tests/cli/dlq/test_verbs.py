"""``wasl dlq`` against a real broker."""

from __future__ import annotations

import json

import pytest

from tests.replay.world import dead, dead_record


@pytest.fixture
def dlq(wasl, topics_env):
    """Run ``wasl dlq …`` on topics of its own."""

    def run(*args, code=0):
        result = wasl("dlq", *args, env=topics_env)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def letters(topics_env):
    """Five letters of three causes."""
    from streams.kafka.producer import open_producer, write_records
    from streams.settings import Settings

    kafka = Settings.from_env(topics_env).kafka
    made = [
        dead(1, topic=kafka.topics.raw, message="The field 'langauge' is unknown."),
        dead(2, topic=kafka.topics.raw, message="The field 'tilte' is unknown.", attempts=5),
        dead(3, topic=kafka.topics.raw, message="It has no title.", value=b"\xff\x00\x1b[31m", key=None),
        dead(4, topic=kafka.topics.raw, code="event.oversize", value=b"", key=None),
        dead(5, topic="elsewhere", code="linking.poison", failed_at="2020-01-01T00:00:00Z"),
    ]
    with open_producer(kafka) as producer:
        list(write_records(producer, kafka.topics.dead, [dead_record(content) for content in made]))
    return made


def _raw(topics_env):
    from streams.kafka.consumer import open_consumer, read_records
    from streams.settings import Settings

    kafka = Settings.from_env(topics_env).kafka
    with open_consumer(kafka) as consumer:
        return list(read_records(consumer, [kafka.topics.raw]))


def _causes(result):
    return {(one["code"], one["count"]) for one in json.loads(result.stdout)["causes"]}


def test_letters_are_counted_by_cause(dlq, letters, topics_env):
    found = json.loads(dlq("list", "--json").stdout)
    assert (found["letters"], found["handled"], found["unreadable"]) == (5, 0, 0)
    first = found["causes"][0]
    assert (first["code"], first["count"], first["attempts"]) == ("event.invalid", 2, 5)
    assert first["reason"] == "The field ... is unknown."
    assert _causes(dlq("list", "--json", "--cause", "event")) == {
        ("event.invalid", 2),
        ("event.invalid", 1),
        ("event.oversize", 1),
    }
    assert _causes(dlq("list", "--json", "--since", "2021-01-01T00:00:00Z", "--cause", "linking")) == set()
    assert _causes(dlq("list", "--json", "--topic", "elsewhere")) == {("linking.poison", 1)}
    shown = dlq("list")
    assert "The field ... is unknown." in shown.stdout
    assert "5 letters, 4 causes" in shown.stderr
    assert "yesterday" in dlq("list", "--since", "yesterday", code=1).stderr
    for verb in (("list",), ("replay",), ("drop", "--reason", "x")):
        said = dlq(*verb, "--cause", "event.bogus", code=1).stderr
        assert "'event.bogus' is no error code" in said
        assert "event.invalid, event.oversize" in said


def test_a_letter_is_shown_whole_and_harmless(dlq, letters):
    sample = next(
        one for one in json.loads(dlq("list", "--json").stdout)["causes"] if one["reason"] == "It has no title."
    )
    shown = dlq("show", sample["samples"][0]).stdout
    for part in ("It has no title.", "Mend it.", "attempt 1", "key        (none)", "header     h:", "nothing yet"):
        assert part in shown
    assert "\x1b" not in shown
    assert dlq("show", "--raw", sample["samples"][0]).stdout_bytes == b"\xff\x00\x1b[31m"
    assert "No dead letter has the id" in dlq("show", "f" * 40, code=1).stderr


def test_letters_are_replayed_once_and_what_cannot_be_is_named(dlq, letters, topics_env):
    dry = dlq("replay", "--all", "--topic", topics_env["WASL_TOPIC_RAW"], "--dry-run", code=1)
    assert dry.stdout.count("would replay") == 2
    assert _raw(topics_env) == []
    first = dlq("replay", "--topic", topics_env["WASL_TOPIC_RAW"], "--rate", "1000", code=1)
    assert first.stdout.count("is now at") == 2
    assert "it was tried 5 times, and 5 is the limit" in first.stderr
    assert "is not in it" in first.stderr
    assert "replayed 2 of 4 letters, refused 2" in first.stderr
    assert sorted(record.value for record in _raw(topics_env)) == [b"v1", b"\xff\x00\x1b[31m"]
    second = dlq("replay", "--topic", topics_env["WASL_TOPIC_RAW"], code=1)
    assert second.stdout == ""
    assert len(_raw(topics_env)) == 2
    assert json.loads(dlq("list", "--json").stdout)["handled"] == 2
    forced = dlq("replay", "--cause", "event.invalid", "--max-attempts", "6")
    assert forced.stdout.count("is now at") == 1
    assert dlq("replay", "--cause", "event.invalid", "--again", "--max-attempts", "6").stdout.count("is now at") == 3
    assert len(_raw(topics_env)) == 6


def test_letters_are_dropped_by_somebody_for_a_reason(dlq, letters):
    [cause] = json.loads(dlq("list", "--json", "--cause", "linking").stdout)["causes"]
    dlq("drop", "--cause", "linking", code=2)  # no reason
    assert "--reason is blank" in dlq("drop", "--cause", "linking", "--reason", " ", code=2).stderr
    assert "would be dropped" in dlq("drop", "--cause", "linking", "--reason", "x", "--dry-run").stdout
    assert _causes(dlq("list", "--json", "--cause", "linking")) == {("linking.poison", 1)}
    dlq("drop", "--cause", "linking", "--reason", "mended in 0.2", "--author", "سلمى")
    assert _causes(dlq("list", "--json", "--cause", "linking")) == set()
    assert _causes(dlq("list", "--json", "--cause", "linking", "--all")) == {("linking.poison", 1)}
    letter = cause["samples"][0]
    shown = dlq("show", letter).stdout
    assert "dropped at" in shown
    assert "mended in 0.2" in shown
    assert "it was dropped at" in dlq("replay", letter).stderr
    dlq("drop", letter, "--undo", "--reason", "it was not")
    assert _causes(dlq("list", "--json", "--cause", "linking")) == {("linking.poison", 1)}


def test_a_tombstone_is_shown_as_one(dlq, topics_env):
    from streams.kafka.producer import open_producer, write_records
    from streams.settings import Settings

    kafka = Settings.from_env(topics_env).kafka
    content = dead(1, topic=kafka.topics.raw, value=None)
    with open_producer(kafka) as producer:
        list(write_records(producer, kafka.topics.dead, [dead_record(content)]))
    [sample] = json.loads(dlq("list", "--json").stdout)["causes"][0]["samples"]
    assert "value      (none: a tombstone)" in dlq("show", sample).stdout
    assert dlq("show", "--raw", sample).stdout_bytes == b""


@pytest.mark.parametrize("verb", [("replay",), ("drop", "--reason", "x")])
def test_nothing_means_none(dlq, letters, verb, topics_env):
    assert "Say which letters" in dlq(*verb, code=2).stderr
    assert json.loads(dlq("list", "--json").stdout)["handled"] == 0
