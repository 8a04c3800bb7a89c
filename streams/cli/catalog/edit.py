"""``wasl catalog edit``: a file of changes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from streams.cli.catalog.options import author_of, change_options, format_option, opened_store, time_now, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.catalog.store import Request

__all__ = ["command"]


@click.command("edit")
@click.argument("file")
@click.option(
    "--batch",
    metavar="N",
    type=click.IntRange(1, 10_000),
    default=500,
    show_default=True,
    help="Changes a transaction.",
)
@click.option("--first", is_flag=True, help="Begin a catalogue in a Redis that holds none.")
@change_options
@format_option
@verbose_option
def command(
    file: str, batch: int, first: bool, author: str | None, reason: str | None, format_: str, verbose: bool
) -> None:
    """Apply a file of changes.

    FILE is JSONL, - is standard input: catalogue changes and catalogue edits, one a line, each with `expect` beside if
    it is for one revision alone. A change that is refused is named, and the others are applied. Each is all or
    nothing; author, reason and time are added where a line has none.
    """
    from streams.errors import CatalogError  # noqa: PLC0415 - help must not wait for it

    author, applied, refused, last = author_of(author), 0, 0, None
    with opened_store(verbose=verbose) as store:
        lines = _requests(file, {"author": author, "reason": reason})
        while len(chunk := list(islice(lines, batch))) > 0:
            outcomes = store.apply_many([request for _, request in chunk], first=first)
            for (number, _), outcome in zip(chunk, outcomes, strict=True):
                if isinstance(outcome, CatalogError):
                    refused += 1
                    note(f"{file}:{number}: {outcome}")
                else:
                    applied, last = applied + 1, outcome
    if format_ == "json":
        write_json({"applied": applied, "refused": refused, "sequence": last})
    else:
        click.echo(f"{counted(applied, 'change', 'changes')} applied, {refused} refused")
    if refused > 0:
        raise click.exceptions.Exit(1)


def _requests(file: str, given: dict[str, str | None]) -> Iterator[tuple[int, Request]]:
    from streams.catalog.store import Request  # noqa: PLC0415 - see `command`
    from streams.errors import EventError, InputError  # noqa: PLC0415
    from streams.events.change import parse_change  # noqa: PLC0415
    from streams.events.edit import EDIT_ACTIONS, parse_edit  # noqa: PLC0415
    from streams.events.read import decode_object  # noqa: PLC0415

    with click.open_file(file, "rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip() == b"":
                continue
            try:
                document: dict[str, Any] = decode_object(line, "catalogue change")
                expect = document.pop("expect", None)
                document = {"changed_at": time_now(), **given, **document}
                parse: Any = parse_edit if document.get("action") in EDIT_ACTIONS else parse_change
                change = parse(document)
            except EventError as exc:
                raise InputError(f"{file}:{number}: {exc.message}", remedy=exc.remedy) from exc
            yield number, Request(change, None if expect is None else str(expect))
