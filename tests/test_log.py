"""Logs: one JSON object a line, whatever is logged."""

from __future__ import annotations

import asyncio
import io
import json
import logging

import pytest

from streams.log import HumanFormatter, JsonFormatter, RepeatFilter, configure_logging
from streams.settings import KafkaSettings, RedisSettings


@pytest.fixture
def lines():
    """What is logged during the test, as parsed lines."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("faust", "mode", "kafka", "aiokafka", "asyncio")}
    stream = io.StringIO()
    configure_logging("INFO", stream=stream, is_human=False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.captureWarnings(capture=False)
    root.handlers[:] = before
    root.setLevel(level)
    for name, value in levels.items():
        logging.getLogger(name).setLevel(value)


LOG = logging.getLogger("streams.test")


def test_a_record_is_one_object_with_its_extras(lines):
    LOG.warning("القاهرة %d", 7, extra={"topic": "articles.raw", "offsets": {1: 2}, "path": object})
    [line] = lines()
    assert line["message"] == "القاهرة 7"
    assert (line["level"], line["logger"], line["topic"]) == ("WARNING", "streams.test", "articles.raw")
    assert line["offsets"] == {"1": 2}
    assert line["path"] == "<class 'object'>"
    assert line["time"].endswith("Z")
    assert set(line) == {"time", "level", "logger", "message", "topic", "offsets", "path"}


def test_an_exception_is_a_field(lines):
    try:
        int("broken")
    except ValueError:
        LOG.exception("it failed")
    [line] = lines()
    assert line["message"] == "it failed"
    assert line["exception"].startswith("Traceback")
    assert line["exception"].endswith("'broken'")


@pytest.mark.parametrize("formatter", [JsonFormatter(), HumanFormatter()])
def test_asyncio_may_say_that_there_is_no_exception(formatter):
    found = []

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(formatter.format(record))

    loop = asyncio.new_event_loop()
    logger, keep = logging.getLogger("asyncio"), Keep(logging.ERROR)
    logger.addHandler(keep)
    try:
        loop.default_exception_handler({"message": "Unclosed connection"})
    finally:
        loop.close()
        logger.removeHandler(keep)
    [line] = found
    assert "Unclosed connection" in line
    assert "xception" not in line


def test_text_that_is_not_unicode_is_logged_all_the_same(lines):
    LOG.info("file \udcff", extra={"name_there": "\udcfe"})
    [line] = lines()
    assert line["message"] == "file \\udcff"
    assert line["name_there"] == "\\udcfe"


def test_secrets_are_masked(lines):
    kafka = KafkaSettings(sasl_username="u", sasl_password="hush")
    redis = RedisSettings(url="redis://u:hush@host/0")
    LOG.info("with %s and %s", kafka, redis, extra={"sasl_password": "hush", "api_token": "hush"})
    [line] = lines()
    assert "hush" not in json.dumps(line)
    assert line["sasl_password"] == "***"


def test_the_level_holds_and_libraries_are_quieter(lines):
    LOG.debug("no")
    LOG.info("yes")
    logging.getLogger("aiokafka.consumer").info("no")
    logging.getLogger("faust.app").info("no")
    logging.getLogger("kafka.net").error("also")
    assert [line["message"] for line in lines()] == ["yes", "also"]


def test_configuring_again_does_not_log_twice(lines):
    stream = io.StringIO()
    configure_logging("ERROR", stream=stream, is_human=False)
    LOG.error("once")
    assert stream.getvalue().count("once") == 1
    assert lines() == []


def test_people_get_a_line_with_the_extras_behind_it(lines):
    stream = io.StringIO()
    configure_logging("INFO", stream=stream, is_human=True)
    LOG.info("worker starts", extra={"group": "g"})
    try:
        int("broken")
    except ValueError:
        LOG.exception("it failed")
    first, second, *traceback = stream.getvalue().splitlines()
    assert first[8:] == " INFO    worker starts group=g"
    assert second.endswith("ERROR   it failed")
    assert traceback[-1].startswith("ValueError: ")


def test_a_library_that_repeats_itself_is_heard_once_in_a_while():
    repeats = RepeatFilter(every=10.0)

    def heard(at, name="aiokafka.conn", text="Unable to connect to %s"):
        record = logging.LogRecord(name, logging.ERROR, "", 0, text, ("one:9092",), None)
        record.created = at
        passed = repeats.filter(record)
        return getattr(record, "repeated", 0) if passed else None

    assert [heard(at) for at in (100.0, 100.1, 109.9)] == [0, None, None]
    assert heard(101.0, text="Something else") == 0
    assert heard(101.0, name="aiokafka.consumer") == 0
    assert heard(110.0) == 2
    assert [heard(at, name="streams.workers") for at in (111.0, 111.0)] == [0, 0]


def test_what_a_library_says_is_not_remembered_without_bounds():
    repeats = RepeatFilter(every=10.0)
    for number in range(5_000):
        repeats.filter(logging.LogRecord("kafka", logging.ERROR, "", 0, f"failed {number}", (), None))
    assert len(repeats._said) <= 1_000


@pytest.mark.parametrize("is_human", [False, True])
def test_a_secret_inside_a_text_is_masked(is_human):
    """At DEBUG, kafka-python logs the arguments of its clients."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(HumanFormatter() if is_human else JsonFormatter())
    logger = logging.Logger("kafka.client")  # noqa: LOG001 - no other test is to hear it
    logger.addHandler(handler)
    known = ("hush-1", "hu'sh-2", 'hu"sh-3', "hush\\4", "hush-5 with spaces")
    for secret in known:
        config = {"sasl_plain_username": "wasl", "sasl_plain_password": secret, "ssl_password": secret.encode()}
        logger.debug("Configuration: %s", config)
        logger.info("started", extra={"config": repr(config), "sasl_password": secret})
        try:
            int(f"refused: {config!r}")
        except ValueError:
            logger.exception("it failed")
    logger.warning("redis://wasl:hush-6@127.0.0.1:6379/0 is away")
    said = stream.getvalue()
    assert "hu" not in said
    assert "sh-" not in said
    assert said.count("***") > 4 * len(known)
    assert "sasl_plain_username" in said
    assert "://wasl:***@127.0.0.1" in said
