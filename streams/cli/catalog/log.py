"""``wasl catalog log``: who changed what, when and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from streams.cli.catalog.options import format_option, opened_store
from streams.cli.connect import verbose_option

if TYPE_CHECKING:
    from streams.catalog.store import LogEntry

__all__ = ["command"]


@click.command("log")
@click.option("--entity", "entity_id", metavar="ID", help="Only what concerned this id.")
@click.option("--since", metavar="TIME", help="Only what was done then or later: RFC 3339, or a date (UTC).")
@click.option("--limit", metavar="N", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@format_option
@verbose_option
def command(entity_id: str | None, since: str | None, limit: int, format_: str, verbose: bool) -> None:
    """Show who changed what, when and why.

    The newest comes first, in JSON one a line. The log is kept when workers have long forgotten the changes.
    """
    from streams.events.entity import check_entity_id  # noqa: PLC0415 - help must not wait for it

    if entity_id is not None:
        check_entity_id(entity_id)
    after = None if since is None else _time(since)
    shown = 0
    with opened_store(verbose=verbose) as store:
        for entry in store.log(entity_id=entity_id, limit=limit if after is None else None):
            if shown == limit or not _is_after(entry, after):
                continue
            shown += 1
            click.echo(_line(entry) if format_ == "text" else _json(entry))
    if shown == 0 and format_ == "text":
        click.echo("Nothing was logged.")


def _is_after(entry: LogEntry, after: int | None) -> bool:
    from streams.replay.moments import milliseconds  # noqa: PLC0415 - see `command`

    return after is None or (entry.note.at is not None and milliseconds(entry.note.at) >= after)


def _time(text: str) -> int:
    """Return milliseconds since 1970-01-01 UTC of a time that somebody gave; one without an offset is in UTC."""
    from streams.errors import EventError  # noqa: PLC0415 - see `command`
    from streams.events.read import timestamp  # noqa: PLC0415
    from streams.replay.moments import milliseconds  # noqa: PLC0415

    try:
        return milliseconds(timestamp(text, "time"))
    except EventError:
        pass
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as exc:
        raise click.BadParameter(f"{text!r} is no time, such as 2026-01-31 or 2026-01-31T09:30:00Z.") from exc
    aware = time.replace(tzinfo=dt.timezone.utc) if time.tzinfo is None else time
    return milliseconds(aware.isoformat())


def _line(entry: LogEntry) -> str:
    from streams.cli.render import isolated  # noqa: PLC0415 - see `command`

    what = entry.what
    asked = {name: value for name, value in what.items() if name not in {"action", "author", "reason", "changed_at"}}
    concerned = asked.pop("entity_id", f"build {asked.pop('build', '')}")
    author = isolated(entry.note.author or "-")
    parts = [str(entry.sequence), entry.note.at or "-", author, entry.action, str(concerned)]
    shown = (name for name in ("into", "alias", "count", "prior") if name in asked)
    parts += [f"{name}={isolated(str(asked[name]))}" for name in shown]
    return "  ".join(parts + ([] if entry.note.reason is None else [f"({isolated(entry.note.reason)})"]))


def _json(entry: LogEntry) -> bytes:
    import orjson  # noqa: PLC0415 - see `command`

    return orjson.dumps(asdict(entry))
