"""``wasl catalog boost``: an editor's prior."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_edit, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["command"]


@click.command("boost")
@click.argument("entity_id", metavar="ID")
@click.option("--alias", metavar="NAME", help="Boost this name of the entity, rather than the entity as a whole.")
@click.option("--count", metavar="N", type=click.IntRange(1), help="As if NAME had been seen N times meaning it.")
@click.option("--prior", metavar="P", type=click.FloatRange(0, 1), help="How famous the entity is, 0 to 1.")
@click.option("--clear", is_flag=True, help="Take the boost back.")
@edit_options
@format_option
@verbose_option
def command(
    entity_id: str,
    alias: str | None,
    count: int | None,
    prior: float | None,
    clear: bool,
    author: str | None,
    reason: str | None,
    expect: str | None,
    format_: str,
    verbose: bool,
) -> None:
    """Give an entity, or one of its names, a prior of your own.

    It stays in force whatever is imported later: --prior in the place of the prior of the source, --alias with
    --count beside what was seen.
    """
    if clear == (count is not None or prior is not None):
        raise click.UsageError("Give --prior, or --alias with --count, or --clear.")
    edit = made_edit("boost", entity_id, alias=alias, count=count, prior=prior, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(edit, expect=expect, first=False)
    done = "no longer boosted" if clear else "boosted"
    reported(edit, sequence, f"{entity_id if alias is None else f'{alias!r} of {entity_id}'} {done}", format_=format_)
