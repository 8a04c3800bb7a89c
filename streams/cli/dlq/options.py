"""What the verbs of ``wasl dlq`` share: which letters are meant."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from streams.cli.render import isolated
from streams.cli.terminal import counted, note

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.replay.desk import Desk
    from streams.replay.letters import Choice, Letter

__all__ = [
    "acting_options",
    "chosen",
    "letter_options",
    "make_choice",
    "now_text",
    "one_line",
    "warn_unreadable",
]


def letter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose letters by what they have in common."""
    for option in (
        click.option("--topic", metavar="NAME", help="Only letters whose record was read from this topic."),
        click.option("--since", metavar="TIME", help="Only letters since then: 2026-01-31T09:30:00Z, 90m, 2h, 7d."),
        click.option("--cause", metavar="CODE", help="Only letters with this error code, or of this group of codes."),
    ):
        function = option(function)
    return function


def acting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add what every command that acts on letters takes: which, and whether it only says what it would do.

    The command gets ``choice``, ``everything`` and ``dry_run``.
    """

    @wraps(function)
    def command(ids: tuple[str, ...], cause: str | None, since: str | None, topic: str | None, **given: Any) -> Any:
        return function(choice=make_choice(ids, cause=cause, since=since, topic=topic), **given)

    command = click.option("--dry-run", is_flag=True, help="Only say what would be done.")(command)
    command = click.option("--all", "everything", is_flag=True, help="All letters that nothing was decided about.")(
        command
    )
    return click.argument("ids", metavar="[ID]...", nargs=-1)(letter_options(command))


def make_choice(
    ids: tuple[str, ...] = (), *, cause: str | None = None, since: str | None = None, topic: str | None = None
) -> Choice:
    """Return which letters the options mean.

    Raises:
        InputError: ``since`` is no time.
    """
    from streams.replay.letters import Choice  # noqa: PLC0415 - help must not wait for it
    from streams.replay.moments import parse_moment  # noqa: PLC0415

    now = time.time_ns() // 1_000_000
    return Choice(cause=cause, since=None if since is None else parse_moment(since, now=now), topic=topic, ids=ids)


def chosen(desk: Desk, choice: Choice, *, everything: bool) -> list[Letter]:
    """Return the letters that are meant by a command that acts.

    Raises:
        InputError: An id names no letter, or more than one.
        UsageError: Nothing says which letters.
    """
    from streams.replay.letters import Choice, choose  # noqa: PLC0415 - see `make_choice`

    if choice == Choice() and not everything:
        raise click.UsageError("Say which letters: by their ids, --cause, --since, --topic, or --all.")
    found = choose(desk.letters, choice)
    # Who names a letter wants to hear about it, even if it was handled before.
    return found if len(choice.ids) > 0 else [letter for letter in found if desk.is_open(letter)]


def now_text() -> str:
    """Return the time, RFC 3339, UTC."""
    from streams.replay.moments import rfc3339  # noqa: PLC0415 - see `make_choice`

    return rfc3339(time.time_ns() // 1_000_000)


def one_line(letter: Letter) -> str:
    """Return a line that says which letter it is."""
    origin, content = letter.content.origin, letter.content
    article = "an unknown article" if content.article_id is None else isolated(content.article_id)
    at = f"{origin.topic}-{origin.partition}-{origin.offset}"
    return f"{letter.short_id} · {article} · {at} · {content.failure.code} · attempt {content.attempts}"


def warn_unreadable(desk: Desk) -> None:
    """Say how many records of the topic are no dead letters."""
    if len(desk.unreadable) > 0:
        count, first = counted(len(desk.unreadable), "record", "records"), desk.unreadable[0]
        note(f"warning: {count} of the topic are no dead letters, the first at {first}")
