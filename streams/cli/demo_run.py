"""What ``wasl demo`` does, step by step."""

from __future__ import annotations

import sys
import time
from collections import defaultdict, deque
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from streams.catalog.load import unite_all
from streams.catalog.sources.jsonl import read_entities
from streams.cli.articles import read_article, read_articles
from streams.cli.local import fill_catalog, local_settings, make_topics, start_worker
from streams.cli.produce import raw_record
from streams.cli.show import show_article, show_record
from streams.cli.steps import Steps, end_on_sigterm
from streams.cli.tally import entity_table, tally_entities, tally_unlinked, unlinked_table
from streams.cli.terminal import counted, takes_colour
from streams.embedded.options import EmbeddedOptions
from streams.embedded.stack import EmbeddedStack
from streams.errors import EmbeddedServerError, InputError
from streams.events.article import encode_raw_article
from streams.events.enriched import EnrichedArticle, decode_enriched_article
from streams.events.envelope import read_envelope
from streams.kafka.consumer import open_consumer, read_records
from streams.kafka.producer import open_producer, write_records
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cli.local import LocalWorker
    from streams.events.article import RawArticle
    from streams.kafka.consumer import StoredRecord

__all__ = ["run_demo"]

_SESSION_TIMEOUT: Final = 3.0
_NEXT: Final = """\
Where to go next
  wasl up --detach                  the same servers and a worker, to stay; `wasl down` stops them
  wasl produce FILE                 articles of your own; `wasl consume --follow` shows them enriched
  wasl link --explain FILE          every candidate of every name, without a broker
  wasl catalog set --id local:acme --type organization --label en=Acme
                                    a new entity, which workers link from then on
"""


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """What came back, in the order of the articles, and when the first did, in seconds since the demo began."""

    records: list[StoredRecord]
    first_after: float


def run_demo(
    *, article: str | None, catalog: str | None, timeout: float, clock: Callable[[], float] = time.monotonic
) -> None:
    """Run the demo and print what it finds.

    Args:
        article: File of articles; None means those that come with the package.
        catalog: Catalogue file; None means the starter catalogue.
        timeout: Longest wait for the next outcome, in seconds.
        clock: Seconds that never go back.

    Raises:
        InputError: The file cannot be read, or an article breaks a rule.
        EmbeddedServerError: A server or the worker failed.
    """
    begin = clock()
    articles = _read(article)
    entities = None if catalog is None else list(unite_all(read_entities(Path(catalog))).values())
    steps = Steps(5, clock=clock)
    with end_on_sigterm(), TemporaryDirectory(prefix="wasl-demo-") as folder:
        stack = EmbeddedStack(EmbeddedOptions.from_env(), home=Path(folder))
        try:
            with steps.step("broker and Redis") as say:
                stack.start()
                say(", ".join(f"{name} {version}" for name, version in stack.versions.items()))
            settings = local_settings(Settings(), bootstrap_servers=stack.bootstrap_servers, redis_url=stack.redis_url)
            with steps.step("catalogue") as say:
                stats, _ = fill_catalog(settings, entities)
                say(f"{counted(stats.entities, 'entity', 'entities')} with {counted(stats.names, 'name', 'names')}")
            with steps.step("topics") as say:
                say(", ".join(make_topics(settings, partitions=1)))
            with steps.step("worker") as say:
                worker = start_worker(settings, folder=Path(folder), session_timeout=_SESSION_TIMEOUT, inherit=False)
                say("ready")
            with closing(worker), steps.step("articles") as say:
                produced = clock()
                outcomes = _send_and_wait(settings, articles, worker, timeout=timeout, begin=begin, clock=clock)
                took = clock() - produced
                say(f"{len(articles)} sent, {len(outcomes.records)} came back")
        finally:
            _end(stack)
    _print(outcomes, settings, took=took)


def _read(path: str | None) -> list[RawArticle]:
    source = str(files("streams.embedded.demo") / "articles.jsonl") if path is None else path
    articles = [read_article(item) for item in read_articles(source)]
    if len(articles) == 0:
        raise InputError(f"{source} holds no article.", remedy="Give at least one, as JSON, JSONL or plain text.")
    return articles


def _send_and_wait(
    settings: Settings,
    articles: list[RawArticle],
    worker: LocalWorker,
    *,
    timeout: float,
    begin: float,
    clock: Callable[[], float],
) -> _Outcomes:
    """Send the articles and wait until each has come back, enriched or as a dead letter."""
    with open_producer(settings.kafka) as producer:
        records = (raw_record(encode_raw_article(article)) for article in articles)
        sent = sum(1 for _ in write_records(producer, settings.kafka.topics.raw, records))
    arrived: dict[bytes | None, deque[StoredRecord]] = defaultdict(deque)
    seen: set[str] = set()
    first_after = 0.0
    last = clock()

    def look_up() -> None:
        worker.check()
        if clock() - last > timeout:
            raise EmbeddedServerError(
                f"{sent - len(seen)} of {sent} articles have not come back, and for {timeout:g} seconds none has. "
                f"{worker.last_lines()}",
                remedy="Give it more time with --timeout.",
            )

    topics = [settings.kafka.topics.enriched, settings.kafka.topics.dead]
    with open_consumer(settings.kafka) as consumer:
        for record in read_records(consumer, topics, follow=True, on_poll=look_up):
            last = clock()
            if len(seen) == 0:
                first_after = last - begin
            envelope = read_envelope(record.headers)
            if envelope is None or envelope.id not in seen:
                seen.add(f"{record.topic}-{record.offset}" if envelope is None else envelope.id)
                arrived[record.key].append(record)
            if len(seen) == sent:
                break
    return _Outcomes([arrived[article.article_id.encode()].popleft() for article in articles], first_after)


def _end(stack: EmbeddedStack) -> None:
    # A broker that keeps nothing needs no orderly end, which would take it a second.
    with suppress(EmbeddedServerError):
        stack.broker.kill()
    stack.close()


def _print(outcomes: _Outcomes, settings: Settings, *, took: float) -> None:
    colour = takes_colour(sys.stdout)
    enriched: list[EnrichedArticle] = []
    click.echo()
    for record in outcomes.records:
        if record.topic == settings.kafka.topics.enriched and record.value is not None:
            enriched.append(decode_enriched_article(record.value))
            click.echo(show_article(enriched[-1], colour=colour), nl=False, color=colour)
        else:
            click.echo(
                show_record(record, format_="text", colour=colour, topics=settings.kafka.topics), nl=False, color=colour
            )
    entities = tally_entities(found.entities for found in enriched)
    unlinked = tally_unlinked(found.mentions for found in enriched)
    click.echo(entity_table(entities, title="Entities"), color=colour)
    if len(unlinked) > 0:
        click.echo(unlinked_table(unlinked, title="Names that the catalogue does not hold"), color=colour)
    mentions = sum(len(found.mentions) for found in enriched)
    dead = len(outcomes.records) - len(enriched)
    click.echo(
        f"{counted(len(enriched), 'article', 'articles')} with {counted(mentions, 'mention', 'mentions')}"
        f" of {counted(len(entities), 'entity', 'entities')}"
        + (f", {counted(dead, 'dead letter', 'dead letters')}" if dead > 0 else "")
        + f"; first enriched event after {outcomes.first_after:.1f} s, all within {took:.1f} s of sending.\n"
    )
    click.echo(_NEXT, nl=False)
