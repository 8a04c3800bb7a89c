"""What the terminal can show, and the few ways in which commands write to it."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import IO, TYPE_CHECKING, Any, Final

import click

from streams.cli.render import isolated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["counted", "format_table", "note", "takes_colour"]

# A table in a file or pipe is as wide as its content asks for, up to this: cut cells are no use to `grep`.
_WIDE: Final = 400


def takes_colour(stream: IO[Any], env: Mapping[str, str] | None = None) -> bool:
    """Say whether to colour what goes to ``stream``: on a terminal, unless NO_COLOR is set (no-color.org).

    Args:
        stream: Where the text goes.
        env: Variables by name; the process environment when None.
    """
    given = os.environ if env is None else env
    return stream.isatty() and given.get("NO_COLOR", "") == "" and given.get("TERM") != "dumb"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``counted(1, "entity", "entities")`` is ``1 entity``."""
    return f"{number} {one if number == 1 else many}"


def note(message: str) -> None:
    """Write one line of progress to standard error, where it does not mix with results."""
    click.echo(message, err=True)


def format_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", right: Sequence[str] = ()
) -> str:
    """Lay out a table for standard output.

    Every cell that is not plain ASCII stands in a Unicode isolate: without it a number beside an Arabic name
    would change places with it.

    Args:
        columns: Headings, unique.
        rows: Cells, as many in each row as there are columns.
        title: Heading above the table; empty for none.
        right: Headings of the columns that are aligned to the right.
    """
    from rich import box  # noqa: PLC0415 - rich takes longer to load than most verbs run
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(isolated(cell)) for cell in row))
    colour = takes_colour(sys.stdout)
    target = io.StringIO()
    console = Console(
        file=target,
        force_terminal=colour,
        no_color=not colour,
        width=shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDE,
        highlight=False,
    )
    if title != "":
        console.print(Text(title, style="bold"))
    console.print(table)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"
