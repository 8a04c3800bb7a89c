"""``wasl consume``: print enriched articles as they arrive."""

from __future__ import annotations

import sys
from itertools import islice

import click

from streams.cli.connect import find_settings, verbose_option
from streams.events.types import ENTITY_TYPES

__all__ = ["command"]


@click.command("consume")
@click.option("--follow", is_flag=True, help="Go on with what arrives, until Ctrl-C.")
@click.option(
    "--from-beginning/--from-end",
    "from_beginning",
    default=True,
    help="Begin with the first record (the default), or with what arrives from now on, which implies --follow.",
)
@click.option("--since", metavar="TIME", help="Begin with what arrived since: RFC 3339, or how long ago (90m, 2h, 7d).")
@click.option("--entity", "entities", metavar="ID", multiple=True, help="Only articles that mention this entity.")
@click.option("--type", "types", type=click.Choice(ENTITY_TYPES), multiple=True, help="… or an entity of this type.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "table", "jsonl", "html")),
    default="text",
    show_default=True,
    help="Texts with their names marked, a table of entities for each article, the events as they are, or one page.",
)
@click.option("--topic", metavar="NAME", help="Another topic than WASL_TOPIC_ENRICHED, such as that of dead letters.")
@click.option("--limit", metavar="N", type=click.IntRange(0), help="Stop after so many.")
@verbose_option
def command(
    follow: bool,
    from_beginning: bool,
    since: str | None,
    entities: tuple[str, ...],
    types: tuple[str, ...],
    format_: str,
    topic: str | None,
    limit: int | None,
    verbose: bool,
) -> None:
    """Print enriched articles as they arrive.

    Reads the topic from its beginning to its present end, outside any consumer group: nothing is committed.
    """
    from streams.cli.articles_page import article_page  # noqa: PLC0415 - help must not wait for Kafka
    from streams.cli.show import show_record  # noqa: PLC0415
    from streams.cli.stored import stored_records  # noqa: PLC0415
    from streams.cli.terminal import takes_colour  # noqa: PLC0415
    from streams.client.received import Wanted  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    colour = takes_colour(sys.stdout)
    wanted = Wanted(entities=entities, types=types) if len(entities) + len(types) > 0 else None
    with stored_records(
        settings.kafka,
        settings.kafka.topics.enriched if topic is None else topic,
        follow=follow or (not from_beginning and since is None),
        from_start=from_beginning,
        since=since,
        wanted=wanted,
    ) as records:
        chosen = islice(records, limit)
        if format_ == "html":
            shown = article_page(chosen)
        else:
            shown = (
                show_record(record, format_=format_, colour=colour, topics=settings.kafka.topics) for record in chosen
            )
        for part in shown:
            sys.stdout.write(part)
            sys.stdout.flush()
