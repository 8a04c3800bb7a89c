"""``wasl dlq replay``: send the records of dead letters back to where they were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.dlq.options import acting_options, chosen, now_text, one_line, warn_unreadable
from streams.cli.steps import end_on_sigterm
from streams.cli.terminal import counted, note
from streams.cli.user import acting_user

if TYPE_CHECKING:
    from streams.replay.letters import Choice

__all__ = ["command"]


@click.command("replay")
@acting_options
@click.option("--again", is_flag=True, help="Also letters that were replayed or dropped before.")
@click.option("--rate", metavar="N", type=click.FloatRange(0, min_open=True), help="At most so many records a second.")
@click.option(
    "--max-attempts",
    metavar="N",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    help="Refuse letters that were tried so often.",
)
@verbose_option
def command(
    choice: Choice,
    everything: bool,
    again: bool,
    rate: float | None,
    max_attempts: int,
    dry_run: bool,
    verbose: bool,
) -> None:
    """Send records back to where they were read.

    Key, value and headers are as they were; the header wasl-attempts counts on. A letter is replayed once:
    what a second call finds done it leaves alone, unless --again.
    """
    from streams.replay.desk import open_desk  # noqa: PLC0415 - help must not wait for Kafka
    from streams.replay.plan import plan_replay  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    with open_desk(settings.kafka, now=now_text) as desk, end_on_sigterm():
        warn_unreadable(desk)
        if again and len(choice.ids) == 0:
            from streams.replay.letters import choose  # noqa: PLC0415 - for this alone

            letters = choose(desk.letters, choice)
        else:
            letters = chosen(desk, choice, everything=everything)
        plan = plan_replay(letters, desk.marks, again=again, max_attempts=max_attempts)
        for refusal in (*plan.done, *plan.refused):
            note(f"left alone: {one_line(refusal.letter)}: {refusal.why}")
        count = 0
        if dry_run:
            for letter in plan.letters:
                click.echo(f"would replay {one_line(letter)}")
        else:
            for done in desk.replay(plan.letters, author=acting_user(), rate=rate):
                found = "" if done.is_new else " (written by an earlier call that was interrupted)"
                click.echo(f"{done.letter.short_id} is now at {done.into}{found}")
                count += 1
        for letter in desk.left:
            note(f"left alone: {one_line(letter)}: another call replays it or has decided about it")
    verb = f"would replay {len(plan.letters)}" if dry_run else f"replayed {count}"
    note(f"{verb} of {counted(len(letters), 'letter', 'letters')}, refused {len(plan.refused)}")
    if len(plan.refused) > 0:
        raise click.exceptions.Exit(1)
