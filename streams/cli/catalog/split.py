"""``wasl catalog split``: some names of an entity become another's."""

from __future__ import annotations

import click

from streams.cli.catalog.options import by_language, edit_options, format_option, made_edit, opened_store, reported
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted
from streams.events.types import ENTITY_TYPES

__all__ = ["command"]


@click.command("split")
@click.argument("entity_id", metavar="ID")
@click.argument("into", metavar="INTO")
@click.option(
    "--name", "names", metavar="LANG=NAME", multiple=True, required=True, help="A name that moves; repeatable."
)
@click.option(
    "--type", "type_", type=click.Choice(ENTITY_TYPES), help="Type of INTO if it is new; that of ID if not given."
)
@edit_options
@format_option
@verbose_option
def command(
    entity_id: str,
    into: str,
    names: tuple[str, ...],
    type_: str | None,
    author: str | None,
    reason: str | None,
    expect: str | None,
    format_: str,
    verbose: bool,
) -> None:
    """Move some names of an entity to another.

    INTO is a new id, such as local:my-company, or that of an entity that is there. ID keeps everything else, and
    every id that was merged into it still redirects to it.
    """
    moved = {language: tuple(texts) for language, texts in by_language(names, "--name").items()}
    edit = made_edit("split", entity_id, into=into, type=type_, names=moved, author=author, reason=reason)
    with opened_store(verbose=verbose) as store:
        sequence = store.apply(edit, expect=expect, first=False)
    reported(edit, sequence, f"{counted(len(names), 'name', 'names')} of {entity_id} moved to {into}", format_=format_)
