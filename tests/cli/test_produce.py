from __future__ import annotations

import datetime as dt
import gzip
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from streams.cli.articles import Located
from streams.cli.produce import Checked, check_articles, raw_record
from streams.events.envelope import read_envelope
from streams.kafka.admin import create_topics, open_admin
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.topics import TopicSpec
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from streams.kafka.consumer import StoredRecord

_NOW = dt.datetime(2026, 1, 31, 9, 30, tzinfo=dt.timezone.utc)


def article(number: int, **more: object) -> dict[str, object]:
    return {"article_id": f"a{number}", "title": "", "body": "إنفيديا", **more}


def jsonl(*articles: object) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in articles)


@pytest.fixture
def produce(topics_env: dict[str, str], wasl: Callable[..., Result]) -> Callable[..., Result]:
    def run(*args: str, code: int = 0, **options: Any) -> Result:
        result = wasl("produce", *args, env=topics_env, **options)
        assert result.exit_code == code, result.output
        return result

    return run


@pytest.fixture
def sent(topics_env: dict[str, str]) -> Callable[[], list[StoredRecord]]:
    def read() -> list[StoredRecord]:
        with open_consumer(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as consumer:
            return sorted(read_records(consumer, [topics_env["WASL_TOPIC_RAW"]]), key=lambda record: record.key or b"")

    return read


def test_articles_arrive_as_they_are_with_their_id_as_the_key(
    produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]], tmp_path: Path, topics_env: dict[str, str]
) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(article(1, language="ar"), article(2, extra={"x": [1]}))))
    result = produce(str(path))
    assert (result.stdout, result.stderr) == ("", f"2 articles sent to {topics_env['WASL_TOPIC_RAW']}\n")
    records = sent()
    assert [record.key for record in records] == [b"a1", b"a2"]
    assert [json.loads(record.value or b"") for record in records] == [
        article(1, language="ar"),
        article(2, extra={"x": [1]}),
    ]
    envelope = read_envelope(records[0].headers)
    assert envelope is not None
    assert (envelope.type, envelope.subject, envelope.source) == ("wasl.article.raw.v1", "a1", "wasl/produce")


def test_bad_articles_are_named_and_the_good_ones_are_sent(
    produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl(article(1), {"article_id": "x", "title": ""}, article(2)) + b"{\n" + jsonl(article(3)))
    result = produce(str(path), code=1)
    assert [record.key for record in sent()] == [b"a1", b"a2", b"a3"]
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"refused: {path}:2: The raw article has no body")
    assert lines[2].startswith(f"refused: {path}:4: The raw article is not valid JSON")
    assert lines[-1].startswith("3 articles sent to ")
    assert lines[-1].endswith("; 2 refused")


def test_plain_text_from_standard_input(produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]]) -> None:
    produce("-", "--title", "عنوان", input="نص\n")
    (record,) = sent()
    document = json.loads(record.value or b"")
    assert (document["title"], document["body"]) == ("عنوان", "نص\n")
    assert record.key == document["article_id"].encode()


def test_nothing_on_standard_input_is_no_article(
    produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]]
) -> None:
    for given in ("", " \n\n"):
        refused = produce("-", input=given, code=1)
        assert refused.stderr.startswith("error: standard input is empty; an article has a text.\n")
    assert sent() == []


def test_without_validation_every_line_goes_as_it_is(
    produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"article_id": "x"}\nnonsense\n')
    produce(str(path), "--no-validate")
    assert [(record.key, record.value) for record in sent()] == [(None, b"nonsense"), (b"x", b'{"article_id": "x"}')]


def test_another_topic(produce: Callable[..., Result], topics_env: dict[str, str], unique: str) -> None:
    topic = f"{unique}-other"
    with open_admin(KafkaSettings(topics_env["WASL_KAFKA_BOOTSTRAP"])) as admin:
        create_topics(admin, [TopicSpec(topic, 1)])
    assert produce("-", "--topic", topic, "-v", input=jsonl(article(1))).stderr.endswith(f"1 article sent to {topic}\n")


@pytest.mark.parametrize("kind", ["enriched", "dead", "unlinked"])
def test_a_topic_of_other_records_takes_no_articles(wasl: Callable[..., Result], kind: str) -> None:
    env = {"WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1", f"WASL_TOPIC_{kind.upper()}": "mine"}
    for more in ([], ["--no-validate"]):
        result = wasl("produce", "-", "--topic", "mine", *more, input=jsonl(article(1)), env=env)
        assert result.exit_code == 1
        assert result.stderr.startswith(
            f"error: --topic mine is not allowed: it is the topic of WASL_TOPIC_{kind.upper()}, which holds other"
        )


def test_more_articles_than_fit_a_window(
    produce: Callable[..., Result], sent: Callable[[], list[StoredRecord]], tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(jsonl(*(article(number) for number in range(2_500))))
    assert "2500 articles sent" in produce(str(path)).stderr
    assert len({record.key for record in sent()}) == 2_500


def test_a_file_that_breaks_off_says_what_was_sent(
    produce: Callable[..., Result],
    sent: Callable[[], list[StoredRecord]],
    tmp_path: Path,
    topics_env: dict[str, str],
) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(*(article(n) for n in range(1_500)), {"no": "article"}), mtime=0)[:-40])
    lines = produce(str(path), code=1).stderr.splitlines()
    count = len(sent())
    assert 1_000 < count < 1_500
    topic = topics_env["WASL_TOPIC_RAW"]
    assert lines[0] == f"{count} articles were sent to {topic}, up to {path}:{count}"
    assert lines[1].startswith(f"error: {path} cannot be read to its end")


def test_ctrl_c_says_what_was_sent(
    produce: Callable[..., Result],
    sent: Callable[[], list[StoredRecord]],
    monkeypatch: pytest.MonkeyPatch,
    topics_env: dict[str, str],
) -> None:
    def interrupted(_path: str, *, title: str) -> Iterator[Located]:
        assert title == ""
        yield Located("f:1", json.dumps(article(1)).encode())
        yield Located("f:2", b"{}")
        yield Located("f:3", json.dumps(article(3)).encode())
        raise KeyboardInterrupt

    monkeypatch.setattr("streams.cli.articles.read_articles", interrupted)
    lines = produce("f", code=130).stderr.splitlines()
    assert lines[0].startswith("refused: f:2: ")
    assert lines[-1] == f"2 articles were sent to {topics_env['WASL_TOPIC_RAW']}, up to f:3"
    assert [record.key for record in sent()] == [b"a1", b"a3"]


def test_a_missing_file_and_a_missing_topic_are_errors(
    produce: Callable[..., Result], tmp_path: Path, unique: str
) -> None:
    assert "cannot be read" in produce(str(tmp_path / "none"), code=1).stderr
    other = produce("-", "--topic", f"{unique}-none", input="x", code=1).stderr
    assert other.startswith(f"error: Topic {unique}-none does not exist.\n  Name a topic that exists")


def test_a_missing_topic_of_the_settings_can_be_created(
    wasl: Callable[..., Result], bootstrap_servers: str, unique: str
) -> None:
    env = {"WASL_KAFKA_BOOTSTRAP": bootstrap_servers, "WASL_TOPIC_RAW": unique}
    said = wasl("produce", "-", input="x", env=env).stderr
    assert said == f"error: Topic {unique} does not exist.\n  Create it with `wasl topics create`.\n"


def test_a_missing_file_is_told_where_no_broker_answers(wasl: Callable[..., Result], tmp_path: Path) -> None:
    began = time.monotonic()
    result = wasl("produce", str(tmp_path / "none"), env={"WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1"})
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {tmp_path / 'none'} cannot be read")
    assert time.monotonic() - began < 5


def test_equal_articles_have_equal_event_ids_and_the_time_is_given() -> None:
    first, again, other = (
        raw_record(data, now=lambda: _NOW) for data in (b'{"article_id":"a"}', b'{"article_id":"a"}', b"{}")
    )
    assert first == again
    assert dict(first.headers)["ce_id"] != dict(other.headers)["ce_id"]
    assert dict(first.headers)["ce_time"] == b"2026-01-31T09:30:00.000Z"


@pytest.mark.parametrize("data", [b"[]", b"nonsense", b'{"article_id": 7}', b"{}"])
def test_what_has_no_id_has_no_key(data: bytes) -> None:
    assert raw_record(data).key is None


def test_an_article_that_no_worker_would_read_is_refused() -> None:
    checked = Checked()
    items = [
        Located("f:1", json.dumps(article(1, body="x" * 2_000)).encode()),
        Located("f:2", json.dumps(article(2)).encode()),
    ]
    assert [(at, record.key) for at, record in check_articles(items, checked, most_bytes=1_000)] == [("f:2", b"a2")]
    assert checked.refused == 1
    assert "f:1: the article has 2" in checked.reports[0]
    assert "WASL_MAX_RECORD_BYTES" in checked.reports[0]


def test_of_many_refused_articles_the_first_hundred_are_named() -> None:
    checked = Checked()
    assert list(check_articles((Located(f"f:{n}", b"{}") for n in range(150)), checked, most_bytes=1_000)) == []
    assert checked.refused == 150
    assert len(checked.reports) == 101
    assert checked.reports[-1] == "further articles, too"
