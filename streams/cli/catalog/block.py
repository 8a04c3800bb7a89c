"""``wasl catalog block``, and what it shares with ``wasl catalog unblock``: see `streams.catalog.apply_edit`."""

from __future__ import annotations

import click

from streams.cli.catalog.options import edit_options, format_option, made_edit, opened_store, reported
from streams.cli.connect import verbose_option

__all__ = ["blocking", "command"]


def blocking(action: str, *, text: str) -> click.Command:
    """Return the command that blocks a name for an entity, or takes that back.

    Args:
        action: ``block`` or ``unblock``.
        text: Its help.
    """

    @click.command(action, help=text)
    @click.argument("entity_id", metavar="ID")
    @click.argument("alias")
    @edit_options
    @format_option
    @verbose_option
    def command(
        entity_id: str,
        alias: str,
        author: str | None,
        reason: str | None,
        expect: str | None,
        format_: str,
        verbose: bool,
    ) -> None:
        edit = made_edit(action, entity_id, alias=alias, author=author, reason=reason)
        with opened_store(verbose=verbose) as store:
            sequence = store.apply(edit, expect=expect, first=False)
        reported(edit, sequence, f"{alias!r} {action}ed for {entity_id}", format_=format_)

    return command


command = blocking(
    "block",
    text="""Never link a name to an entity.

    ALIAS then never means the entity, in any spelling that folds to the same form, not as a short form or variant of
    another name either, and whatever is imported later; `wasl catalog unblock` takes it back.
    """,
)
