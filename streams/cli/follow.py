"""``wasl follow``: the news of an entity, a line an article."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from streams.cli.connect import find_settings, verbose_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.events.enriched import EnrichedArticle

__all__ = ["command", "feed_line"]

_CONTEXT: Final = 40


@click.command("follow")
@click.argument("entities", metavar="ID...", nargs=-1, required=True)
@click.option("--since", metavar="TIME", help="Begin with what arrived since: RFC 3339, or how long ago (90m, 2h, 7d).")
@click.option("--once", is_flag=True, help="End where the topic ends; without --since, from its beginning.")
@click.option("--format", "format_", type=click.Choice(("text", "jsonl")), default="text", show_default=True,
              help="A line for people, or the events as they are.")  # fmt: skip
@verbose_option
def command(entities: tuple[str, ...], since: str | None, once: bool, format_: str, verbose: bool) -> None:
    """Print the articles that mention an entity as they arrive, until Ctrl-C.

    Nothing is committed. An article that was linked again comes again where another linker or catalogue did it.
    """
    from streams.cli.stored import stored_records  # noqa: PLC0415 - help must not wait for Kafka
    from streams.client.received import Wanted, event_id  # noqa: PLC0415
    from streams.client.seen import Seen  # noqa: PLC0415
    from streams.events.enriched import decode_enriched_article  # noqa: PLC0415
    from streams.events.ids import RecordPosition  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    seen = Seen()
    with stored_records(
        settings.kafka,
        settings.kafka.topics.enriched,
        follow=not once,
        from_start=once,
        since=since,
        wanted=Wanted(entities=entities),
    ) as records:
        for record in records:
            at = RecordPosition(record.topic, record.partition, record.offset)
            if record.value is None or not seen.add(event_id(record.headers, at)):
                continue
            if format_ == "jsonl":
                sys.stdout.write(f"{record.value.decode()}\n")
            else:
                sys.stdout.write(feed_line(decode_enriched_article(record.value), entities))
            sys.stdout.flush()


def feed_line(article: EnrichedArticle, entities: Sequence[str]) -> str:
    """Return a line about an article: when, how much it is about the entities, its title, and where it names them."""
    from streams.cli.render import isolated  # noqa: PLC0415 - help must not wait for it

    share = sum(entity.salience for entity in article.entities if entity.entity_id in entities)
    mention = next(mention for mention in article.mentions if mention.entity_id in entities)
    text = article.article.title if mention.field == "title" else article.article.body
    start, end = max(0, mention.start - _CONTEXT), min(len(text), mention.end + _CONTEXT)
    around = text[start:end].replace("\n", " ")
    around = f"{'…' if start > 0 else ''}{around}{'…' if end < len(text) else ''}"
    title = article.article.title.replace("\n", " ")
    named = isolated(mention.surface) if mention.field == "title" else isolated(around)
    return f"{article.enriched_at}  {share:4.0%}  {isolated(article.article.article_id)}  {isolated(title)}  {named}\n"
