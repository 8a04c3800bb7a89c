"""``wasl unlinked top``: the names that the catalogue lacks, the most wanted first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, verbose_option
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.cli.unlinked.tally import MissingName
    from streams.settings import Settings

__all__ = ["command"]


@click.command("top")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=20, show_default=True, help="At most so many.")
@click.option("--language", metavar="TAG", help="Only from articles in this language.")
@click.option("--type", "type_", type=click.Choice(ENTITY_TYPES), help="Only names guessed to be of this type.")
@click.option("--least", metavar="N", type=click.IntRange(1), default=1, help="Only names in so many articles or more.")
@click.option("--all", "everything", is_flag=True, help="Also names that the catalogue holds by now; asks no Redis.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("text", "jsonl")),
    default="text",
    show_default=True,
    help="A table for people, or one name a line for programs.",
)
@verbose_option
def command(
    limit: int, language: str | None, type_: str | None, least: int, everything: bool, format_: str, verbose: bool
) -> None:
    """Rank the names that the catalogue lacks, those in most articles first.

    Reads the topic of unlinked names whole, outside any consumer group. An article that was linked several times counts
    once. Names that were added to the catalogue since are left out.
    """
    settings = find_settings(verbose=verbose)
    names = (name for name in _tally(settings, language) if name.articles >= least and type_ in {None, name.type})
    shown = list(islice(names if everything else _still_missing(names, verbose=verbose), limit))
    if format_ == "jsonl":
        import orjson  # noqa: PLC0415 - help must not wait for it

        for name in shown:
            click.echo(orjson.dumps(name.document()).decode())
        return
    if len(shown) == 0:
        click.echo("No name was found that the catalogue lacks.")
        return
    from streams.cli.terminal import format_table  # noqa: PLC0415 - see above

    rows = [
        (
            name.name,
            name.type,
            " ".join(sorted(name.languages)),
            str(name.articles),
            str(name.mentions),
            name.last_seen,
            name.context,
        )
        for name in shown
    ]
    header = ("name", "type", "languages", "articles", "mentions", "last seen", "context")
    click.echo(format_table(header, rows, right=("articles", "mentions")), nl=False)


def _tally(settings: Settings, language: str | None) -> list[MissingName]:
    from streams.cli.terminal import counted, note  # noqa: PLC0415 - help must not wait for Kafka
    from streams.cli.unlinked.tally import NameTally  # noqa: PLC0415
    from streams.errors import EventError  # noqa: PLC0415
    from streams.events.unlinked import decode_unlinked_name  # noqa: PLC0415
    from streams.kafka.consumer import open_consumer, read_records  # noqa: PLC0415

    tally = NameTally()
    broken = 0
    with open_consumer(settings.kafka) as consumer:
        for record in read_records(consumer, [settings.kafka.topics.unlinked]):
            if record.value is None:
                continue
            try:
                name = decode_unlinked_name(record.value)
            except EventError:
                broken += 1
                continue
            if language is None or name.language.partition("-")[0] == language:
                tally.add(name)
    if broken > 0:
        note(f"{counted(broken, 'record', 'records')} of {settings.kafka.topics.unlinked} left out: no unlinked names.")
    return tally.top()


def _still_missing(names: Iterator[MissingName], *, verbose: bool) -> Iterator[MissingName]:
    from streams.cli.catalog.options import opened_store  # noqa: PLC0415 - help must not wait for Redis

    with opened_store(verbose=verbose) as store:
        yield from (name for name in names if len(store.find(name.name)) == 0)
