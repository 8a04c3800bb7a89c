"""``wasl dlq list``: count dead letters by their cause."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.dlq.options import letter_options, make_choice, now_text, warn_unreadable
from streams.cli.terminal import counted, format_table, note

__all__ = ["command"]


@click.command("list")
@letter_options
@click.option("--all", "everything", is_flag=True, help="Also letters that were replayed or dropped.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON, for programs.")
@verbose_option
def command(
    cause: str | None, since: str | None, topic: str | None, everything: bool, as_json: bool, verbose: bool
) -> None:
    """Count dead letters by their cause.

    A cause is a code, a stage and a reason. Letters that were replayed or dropped are left out.
    """
    from streams.replay.desk import open_desk  # noqa: PLC0415 - help must not wait for Kafka
    from streams.replay.letters import choose, group_causes  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    choice = make_choice(cause=cause, since=since, topic=topic)
    with open_desk(settings.kafka, now=now_text) as desk:
        found = choose(desk.letters, choice)
        shown = found if everything else [letter for letter in found if desk.is_open(letter)]
        warn_unreadable(desk)
    causes = group_causes(shown)
    if as_json:
        document = {
            "causes": [asdict(one) for one in causes],
            "letters": len(shown),
            "handled": sum(1 for letter in found if not desk.is_open(letter)),
            "unreadable": len(desk.unreadable),
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    if len(causes) == 0:
        note("No dead letters." if len(found) == 0 else f"No open dead letters; {len(found)} were handled.")
        return
    columns = ("letters", "code", "stage", "reason", "first", "last", "attempts", "samples")
    rows = [
        (
            str(one.count),
            one.code,
            one.stage,
            one.reason,
            one.first,
            one.last,
            str(one.attempts),
            " ".join(one.samples),
        )
        for one in causes
    ]
    click.echo(format_table(columns, rows, right=("letters", "attempts")), nl=False)
    note(f"{counted(len(shown), 'letter', 'letters')}, {counted(len(causes), 'cause', 'causes')}")
