"""``wasl dlq drop``: decide that nothing is to be done about some dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.dlq.options import acting_options, chosen, now_text, one_line, warn_unreadable
from streams.cli.terminal import counted, note
from streams.cli.user import acting_user

if TYPE_CHECKING:
    from streams.replay.letters import Choice

__all__ = ["command"]


@click.command("drop")
@acting_options
@click.option("--author", metavar="NAME", help="Who decides; the user of the command where not given.")
@click.option("--reason", metavar="TEXT", required=True, help="Why; kept with the decision.")
@click.option("--undo", is_flag=True, help="Take the decision back: the letters are open again.")
@verbose_option
def command(
    choice: Choice,
    everything: bool,
    author: str | None,
    reason: str,
    undo: bool,
    dry_run: bool,
    verbose: bool,
) -> None:
    """Decide that nothing is to be done about some.

    `wasl dlq list` does not show them any more. They stay in Kafka for as long as their topic keeps them, and
    the decision with its author and reason stays beside them.
    """
    from streams.replay.desk import open_desk  # noqa: PLC0415 - help must not wait for Kafka

    if undo and len(choice.ids) == 0:
        raise click.UsageError("--undo asks for the ids of letters.")
    if reason.strip() == "":
        raise click.UsageError("--reason is blank; it is kept with the decision: say why in a few words.")
    settings = find_settings(verbose=verbose)
    with open_desk(settings.kafka, now=now_text) as desk:
        warn_unreadable(desk)
        letters = chosen(desk, choice, everything=everything)
        act, said = (desk.reopen, "reopened") if undo else (desk.drop, "dropped")
        if not dry_run:
            act(letters, author=acting_user() if author is None else author, reason=reason)
        for letter in desk.left:
            note(f"left alone: {one_line(letter)}: another call has replayed or dropped it")
        left = {letter.id for letter in desk.left}
        letters = [letter for letter in letters if letter.id not in left]
        for letter in letters:
            click.echo(f"{f'would be {said}' if dry_run else said}: {one_line(letter)}")
    note(f"{counted(len(letters), 'letter', 'letters')} {f'would be {said}' if dry_run else said}")
