"""``wasl dlq show``: show one dead letter whole."""

from __future__ import annotations

import sys

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.dlq.options import now_text, one_line
from streams.cli.render import printable

__all__ = ["command"]


@click.command("show")
@click.argument("id_", metavar="ID")
@click.option("--raw", is_flag=True, help="Write the bytes of the record to standard output, and nothing else.")
@verbose_option
def command(id_: str, raw: bool, verbose: bool) -> None:
    """Show one dead letter whole.

    ID is the id of the letter as `wasl dlq list` shows it, that of one of its events, or its beginning.
    """
    from streams.replay.desk import open_desk  # noqa: PLC0415 - help must not wait for Kafka
    from streams.replay.letters import find_letter  # noqa: PLC0415
    from streams.replay.moments import rfc3339  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    with open_desk(settings.kafka, now=now_text) as desk:
        letter = find_letter(desk.letters, id_)
    content = letter.content
    origin, failure = content.origin, content.failure
    if raw:
        sys.stdout.buffer.write(origin.value or b"")
        sys.stdout.buffer.flush()
        return
    mark = desk.marks.get(letter.id)
    lines = [
        f"── {one_line(letter)}",
        printable(failure.message),
        printable(failure.remedy),
        "",
        f"id         {letter.id}",
        *(f"event      {printable(each)}" for each in letter.events),
        f"failed at  {content.failed_at}, {failure.stage}, attempt {content.attempts}",
        f"letter at  {letter.position}" + ("" if letter.copies == 1 else f", the last of {letter.copies} copies"),
        f"written    {'at an unknown time' if origin.timestamp is None else rfc3339(origin.timestamp)}",
        f"key        {_shown(origin.key)}",
        *(f"header     {printable(name)}: {_shown(value)}" for name, value in origin.headers),
        f"decided    {_decided(mark)}",
        *(
            ["value      (none: a tombstone)"]
            if origin.value is None
            else [f"value      {len(origin.value)} bytes", _shown(origin.value)]
        ),
    ]
    click.echo("\n".join(lines))


def _shown(data: bytes | None) -> str:
    if data is None:
        return "(none)"
    try:
        return printable(data.decode("utf-8"))
    except UnicodeDecodeError:
        return printable(repr(data))


def _decided(mark: object) -> str:
    from streams.replay.marks import Mark  # noqa: PLC0415 - see `command`

    if not isinstance(mark, Mark):
        return "nothing yet"
    by = "" if mark.author is None else f" by {printable(mark.author)}"
    why = "" if mark.reason is None else f": {printable(mark.reason)}"
    into = "" if mark.into is None else f", now at {mark.into}"
    return f"{mark.action} at {mark.at}{by}{into}{why}"
