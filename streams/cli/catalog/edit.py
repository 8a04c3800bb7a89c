"""``wasl catalog edit``: a file of changes."""

from __future__ import annotations

from codecs import BOM_UTF8
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

import click

from streams.cli.catalog.options import author_of, change_options, format_option, opened_store, time_now, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import counted, note
from streams.errors import CatalogError, EventError, InputError, WaslError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.catalog.store import Request

__all__ = ["command"]

_SHOWN: Final = 20
"""Changes that are refused which are named one by one."""


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
    it is for one revision alone. A change that is refused is named, the first 20 of
    them, and the others are applied. Each is all or
    nothing; author, reason and time are added where a line has none.
    """
    from streams.catalog.store import Request  # noqa: PLC0415 - help must not wait for it

    author, applied, refused, unchanged, last = author_of(author), 0, 0, 0, None
    with _opened(file) as lines, opened_store(verbose=verbose) as store:
        asked = _requests(lines, {"author": author, "reason": reason})
        while len(chunk := list(islice(asked, batch))) > 0:
            try:
                done = iter(store.apply_many([each for _, each in chunk if isinstance(each, Request)], first=first))
            except WaslError:
                note(f"{file}:{chunk[0][0]}: stopped here; {counted(applied, 'change', 'changes')} before it applied")
                raise
            for number, each in chunk:
                outcome = next(done) if isinstance(each, Request) else each
                if isinstance(outcome, (CatalogError, EventError)):
                    refused += 1
                    if refused <= _SHOWN:
                        note(f"{file}:{number}: {outcome}")
                elif outcome is None:
                    unchanged += 1
                else:
                    applied, last = applied + 1, outcome
    if refused > _SHOWN:
        note(f"{counted(refused - _SHOWN, 'change', 'changes')} more refused, which are not named")
    if format_ == "json":
        write_json({"applied": applied, "refused": refused, "unchanged": unchanged, "sequence": last})
    else:
        so_already = "" if unchanged == 0 else f", {unchanged} so already"
        click.echo(f"{counted(applied, 'change', 'changes')} applied, {refused} refused{so_already}")
    if refused > 0:
        raise click.exceptions.Exit(1)


def _opened(file: str) -> IO[bytes]:
    try:
        return click.open_file(file, "rb")
    except OSError as exc:
        raise InputError(
            f"{file} cannot be read: {exc.strerror}.", remedy="Name a JSONL file of changes, or - for standard input."
        ) from exc


def _requests(lines: Iterable[bytes], given: dict[str, str | None]) -> Iterator[tuple[int, Request | EventError]]:
    """Return what each line asks for, or why it asks for nothing, with the number of the line."""
    for number, given_line in enumerate(lines, 1):
        line = given_line.removeprefix(BOM_UTF8) if number == 1 else given_line
        if line.strip() != b"":
            try:
                yield number, _request(line, given)
            except EventError as exc:
                yield number, exc


def _request(line: bytes, given: dict[str, str | None]) -> Request:
    from streams.catalog.store import Request  # noqa: PLC0415 - see `command`
    from streams.events import read  # noqa: PLC0415
    from streams.events.change import ACTIONS, parse_change  # noqa: PLC0415
    from streams.events.edit import EDIT_ACTIONS, parse_edit  # noqa: PLC0415

    event = "catalogue change"
    document: dict[str, Any] = read.decode_object(line, event)
    expect = document.pop("expect", None)
    action = read.choice(read.required(document, "action", event), "action", (*ACTIONS, *EDIT_ACTIONS))
    parse: Any = parse_edit if action in EDIT_ACTIONS else parse_change
    change = parse({"changed_at": time_now(), **given, **document})
    return Request(change, None if expect is None else str(expect))
