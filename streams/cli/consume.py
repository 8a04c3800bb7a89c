"""``wasl consume``: print enriched articles as they arrive."""

from __future__ import annotations

import sys
from itertools import islice

import click

from streams.cli.connect import find_settings, verbose_option

__all__ = ["command"]


@click.command("consume")
@click.option("--follow", is_flag=True, help="Go on with what arrives, until Ctrl-C.")
@click.option(
    "--from-beginning/--from-end",
    "from_beginning",
    default=True,
    help="Begin with the first record (the default), or with what arrives from now on, which implies --follow.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "table", "jsonl")),
    default="text",
    show_default=True,
    help="Texts with their names marked, a table of entities for each article, or the events as they are.",
)
@click.option("--topic", metavar="NAME", help="Another topic than WASL_TOPIC_ENRICHED, such as that of dead letters.")
@click.option("--limit", metavar="N", type=click.IntRange(0), help="Stop after so many.")
@verbose_option
def command(
    follow: bool, from_beginning: bool, format_: str, topic: str | None, limit: int | None, verbose: bool
) -> None:
    """Print enriched articles as they arrive.

    Reads the topic from its beginning to its present end, outside any consumer group: nothing is committed.
    """
    from streams.cli.show import show_record  # noqa: PLC0415 - help must not wait for Kafka
    from streams.cli.terminal import takes_colour  # noqa: PLC0415
    from streams.kafka.consumer import open_consumer, read_records  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    source = settings.kafka.topics.enriched if topic is None else topic
    colour = takes_colour(sys.stdout)
    with open_consumer(settings.kafka) as consumer:
        records = read_records(consumer, [source], follow=follow or not from_beginning, from_start=from_beginning)
        for record in islice(records, limit):
            sys.stdout.write(show_record(record, format_=format_, colour=colour, topics=settings.kafka.topics))
            sys.stdout.flush()
