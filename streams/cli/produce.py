"""``wasl produce``: send articles to the topic of raw articles."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from collections import deque
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, refuse_taken, verbose_option
from streams.cli.terminal import counted, note, takes_colour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.cli.articles import Located
    from streams.kafka.producer import Record

__all__ = ["Checked", "check_articles", "command", "raw_record"]

_SOURCE = "wasl/produce"


@click.command("produce")
@click.argument("file")
@click.option("--topic", metavar="NAME", help="Another topic than WASL_TOPIC_RAW.")
@click.option("--title", metavar="TEXT", default="", help="Title of an article that is plain text.")
@click.option("--no-validate", is_flag=True, help="Send every line as it is, even if it is no article.")
@verbose_option
def command(file: str, topic: str | None, title: str, no_validate: bool, verbose: bool) -> None:
    """Send articles to the topic of raw articles.

    FILE holds articles as JSON or JSONL, or one article as plain text; - is standard input. An article that
    breaks a rule is reported and not sent; the others are, and the exit code is 1.
    """
    from streams.cli.articles import read_articles  # noqa: PLC0415 - help must not wait for all this
    from streams.errors import WaslError  # noqa: PLC0415
    from streams.kafka.consumer import open_consumer, read_records  # noqa: PLC0415
    from streams.kafka.producer import open_producer, write_records  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    target = settings.kafka.topics.raw if topic is None else topic
    refuse_taken(settings.kafka.topics, target, option="--topic", own=settings.kafka.topics.raw)
    items = read_articles(file, title=title)
    # What cannot be read at all is an error before Kafka is waited for.
    items = chain(list(islice(items, 1)), items)
    with open_consumer(settings.kafka) as consumer:
        # Reads nothing; but a missing topic is an error at once, while a producer would wait for it.
        next(read_records(consumer, [target], from_start=False, declared=settings.kafka.topics), None)
    checked, sent, places = Checked(), 0, deque[str]()
    last = ""
    good = (
        ((item.where, raw_record(item.data)) for item in items)
        if no_validate
        else check_articles(items, checked, most_bytes=settings.worker.max_record_bytes)
    )
    try:
        with (
            click.progressbar(length=_size(file), label="sending", file=sys.stderr, hidden=_size(file) == 0) as bar,
            open_producer(settings.kafka) as producer,
        ):
            for _ in write_records(producer, target, _noted(good, places, bar.update)):
                sent, last = sent + 1, places.popleft()
            bar.update(max(0, (bar.length or 0) - bar.pos))
    except (WaslError, KeyboardInterrupt):
        _report(checked)
        note(
            f"{counted(sent, 'article was', 'articles were')} sent to {target}"
            + (f", up to {last}" if sent > 0 else "")
        )
        raise
    _report(checked)
    summary = f"{counted(sent, 'article', 'articles')} sent to {target}"
    if checked.refused > 0:
        note(f"{summary}; {checked.refused} refused")
        sys.exit(1)
    note(summary)


@dataclass(slots=True)
class Checked:
    """What `check_articles` refused.

    Attributes:
        refused: How many articles.
        reports: What was wrong with the first of them, for people.
    """

    refused: int = 0
    reports: list[str] = field(default_factory=list)


def check_articles(items: Iterable[Located], checked: Checked, *, most_bytes: int) -> Iterator[tuple[str, Record]]:
    """Yield the records of the articles that keep the rules, each after the place where it stands.

    Args:
        items: The articles.
        checked: Takes note of those that do not.
        most_bytes: Largest record that a worker reads.
    """
    from streams.cli.articles import read_article  # noqa: PLC0415 - see `command`
    from streams.errors import InputError  # noqa: PLC0415
    from streams.events.article import encode_raw_article  # noqa: PLC0415

    for item in items:
        try:
            article = read_article(item)
        except InputError as exc:
            _refuse(checked, exc.message, exc.remedy)
            continue
        data = encode_raw_article(article)
        if len(data) > most_bytes:
            rule = f"the article has {len(data)} bytes as JSON; workers read at most {most_bytes}."
            _refuse(checked, f"{item.where}: {rule}", "Shorten it, or raise WASL_MAX_RECORD_BYTES everywhere.")
            continue
        yield item.where, raw_record(data)


def raw_record(data: bytes, *, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.timezone.utc)) -> Record:
    """Return the Kafka record of a raw article.

    Args:
        data: The article as JSON; what is no JSON is sent without a key.
        now: The time.
    """
    import orjson  # noqa: PLC0415 - see `command`

    from streams.events.article import CE_TYPE  # noqa: PLC0415
    from streams.events.envelope import Envelope, write_headers  # noqa: PLC0415
    from streams.kafka.producer import Record as KafkaRecord  # noqa: PLC0415

    try:
        source = orjson.loads(data)
    except orjson.JSONDecodeError:
        source = None
    found = source.get("article_id") if isinstance(source, dict) else None
    article_id = found if isinstance(found, str) else None
    envelope = Envelope(
        # Of the content: the same article sent again is the same event, and can be recognised as such.
        id=hashlib.blake2b(data, digest_size=16).hexdigest(),
        source=_SOURCE,
        type=CE_TYPE,
        time=now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        subject=article_id,
    )
    return KafkaRecord(
        value=data,
        key=None if article_id is None else article_id.encode(),
        headers=tuple(write_headers(envelope)),
    )


def _refuse(checked: Checked, message: str, remedy: str) -> None:
    checked.refused += 1
    if checked.refused <= _SHOWN:
        checked.reports.append(f"{message}\n  {remedy}")
    elif checked.refused == _SHOWN + 1:
        checked.reports.append("further articles, too")


_SHOWN = 100


def _report(checked: Checked) -> None:
    for message in checked.reports:
        label = click.style("refused:", fg="red", bold=True)
        click.echo(f"{label} {message}", err=True, color=takes_colour(sys.stderr))


def _noted(good: Iterable[tuple[str, Record]], places: deque[str], update: Callable[[int], None]) -> Iterator[Record]:
    for where, record in good:
        places.append(where)
        update(0 if record.value is None else len(record.value) + 1)
        yield record


def _size(file: str) -> int:
    """Return the size of the file for the progress bar, 0 where there is to be none."""
    path = Path(file)
    return path.stat().st_size if sys.stderr.isatty() and path.is_file() else 0
