"""What the verbs of ``wasl catalog`` have in common."""

from __future__ import annotations

import datetime as dt
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

from streams.cli.user import acting_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.catalog.marks import Marks
    from streams.catalog.redis_ import RedisStore
    from streams.catalog.store import AnyChange, Note, SwitchReport
    from streams.events.change import CatalogChange
    from streams.events.edit import CatalogEdit
    from streams.events.entity import Entity

__all__ = [
    "author_of",
    "by_language",
    "change_options",
    "describe_entity",
    "describe_marks",
    "edit_options",
    "format_option",
    "made_change",
    "made_edit",
    "made_note",
    "opened_store",
    "reported",
    "switched",
    "time_now",
    "write_json",
]


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--format`` to a command."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help="Text for people, or JSON for programs.",
    )(function)


def change_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--author`` and ``--reason`` to a command that changes the catalogue."""
    reason = click.option("--reason", metavar="TEXT", help="Why; kept with the change.")
    author = click.option(
        "--author", metavar="NAME", help="Who does it; by default WASL_CATALOG_AUTHOR, or who is logged in."
    )
    return author(reason(function))


def edit_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--author``, ``--reason`` and ``--expect`` to a command that changes one entity."""
    expect = click.option(
        "--expect", metavar="REV", help="Revision that `wasl catalog show` gave; refused if it is another by now."
    )
    return change_options(expect(function))


def author_of(author: str | None) -> str:
    """Return who does something: ``author``, or who the settings say, or who runs the command."""
    from streams.settings import Settings  # noqa: PLC0415 - help must not wait for it

    if author is not None:
        return author
    return Settings.from_env().catalog.author or acting_user()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def _written(now: dt.datetime) -> str:
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def made_note(*, author: str | None, reason: str | None, now: Callable[[], dt.datetime] = _now) -> Note:
    """Return who does something to the catalogue as a whole, why and when.

    Raises:
        SchemaError: The author or the reason is not UTF-8.
    """
    from streams.catalog.store import Note  # noqa: PLC0415 - help must not wait for it
    from streams.events import write  # noqa: PLC0415

    note = Note(author_of(author), reason, _written(now()))
    # The log would refuse it too, when everything is in Redis already.
    write.dump(note, "author or the reason")
    return note


def made_edit(
    action: str,
    entity_id: str,
    *,
    author: str | None,
    reason: str | None,
    now: Callable[[], dt.datetime] = _now,
    **parts: Any,
) -> CatalogEdit:
    """Return an edit that was asked for on the command line, checked like any other.

    Args:
        action: ``split``, ``block``, ``unblock`` or ``boost``.
        entity_id: The entity concerned.
        author: Who does it; None means who the settings or this machine say.
        reason: Why, or None.
        now: The time.
        **parts: The other fields of `streams.events.edit.CatalogEdit`.

    Raises:
        SchemaError: A part breaks its rule.
    """
    from streams.events.edit import CatalogEdit, edit_document, parse_edit  # noqa: PLC0415 - for help

    edit = CatalogEdit(action, entity_id, author=author_of(author), reason=reason, changed_at=_written(now()), **parts)
    return parse_edit(edit_document(edit))


def made_change(
    action: str,
    entity_id: str,
    *,
    author: str | None,
    reason: str | None,
    entity: Entity | None = None,
    into: str | None = None,
    now: Callable[[], dt.datetime] = _now,
) -> CatalogChange:
    """Return a change that was asked for on the command line, checked like any other.

    Args:
        action: ``set``, ``retire`` or ``merge``.
        entity_id: The entity concerned.
        author: Who does it; None means who the settings or this machine say.
        reason: Why, or None.
        entity: The new state, for ``set``.
        into: The entity that stays, for ``merge``.
        now: The time.

    Raises:
        SchemaError: An id, or a text, breaks its rule.
    """
    from streams.events.change import CatalogChange, change_document, parse_change  # noqa: PLC0415 - for help

    return parse_change(
        change_document(
            CatalogChange(
                action=action,
                entity_id=entity_id,
                entity=entity,
                into=into,
                author=author_of(author),
                reason=reason,
                changed_at=_written(now()),
            )
        )
    )


@contextmanager
def opened_store(*, verbose: bool) -> Iterator[RedisStore]:
    """Open the catalogue in the Redis of the settings.

    Raises:
        SettingsError: A variable breaks its rule.
    """
    from streams.catalog.redis_ import RedisStore, connect  # noqa: PLC0415 - help must not wait for redis
    from streams.cli.connect import find_settings  # noqa: PLC0415

    settings = find_settings(verbose=verbose)
    with closing(connect(settings.redis)) as client:
        yield RedisStore(
            client, prefix=settings.redis.prefix, keep=settings.catalog.keep, where=settings.redis.masked_url
        )


def write_json(document: Any) -> None:
    """Write one JSON value to standard output."""
    import orjson  # noqa: PLC0415 - see `opened_store`

    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


def reported(change: AnyChange, sequence: int | None, said: str, *, format_: str) -> None:
    """Say what a change did; None for its sequence means that everything was so already."""
    if format_ == "json":
        write_json({"action": change.action, "entity_id": change.entity_id, "sequence": sequence})
    elif sequence is None:
        click.echo(f"{change.entity_id} is so already; nothing changes")
    else:
        click.echo(f"{said} (change {sequence})")


def describe_entity(entity: Entity) -> str:
    """Return an entity for people, as lines of text."""
    from streams.cli.render import isolated  # noqa: PLC0415 - see `opened_store`

    lines = [f"{entity.id}  {entity.type}  {isolated(entity.name())}"]
    if entity.description is not None:
        lines.append(f"  {isolated(entity.description)}")
    for language, label in sorted(entity.labels.items()):
        lines.append(f"  label {language}: {isolated(label)}")
    for language, aliases in sorted(entity.aliases.items()):
        shown = ", ".join(
            isolated(alias.text) + ("" if alias.count is None else f" ×{alias.count}") for alias in aliases
        )
        lines.append(f"  alias {language}: {shown}")
    for language, demonyms in sorted(entity.demonyms.items()):
        lines.append(f"  demonym {language}: {', '.join(map(isolated, demonyms))}")
    if entity.prior is not None:
        lines.append(f"  prior: {entity.prior:g}")
    if len(entity.related) > 0:
        lines.append(f"  related: {', '.join(entity.related)}")
    for scheme, ids in sorted(entity.external_ids.items()):
        lines.append(f"  {isolated(scheme)}: {isolated(ids if isinstance(ids, str) else ', '.join(ids))}")
    return "\n".join(lines)


def describe_marks(marks: Marks) -> list[str]:
    """Return what editors said about an entity for people, as lines of text."""
    from streams.cli.render import isolated  # noqa: PLC0415 - see `opened_store`

    lines = [f"  blocked: {isolated(form)}" for form in marks.blocked]
    lines += [f"  boosted: {isolated(form)} ×{count}" for form, count in marks.counts.items()]
    return lines + ([] if marks.prior is None else [f"  boosted: prior {marks.prior:g}"])


def by_language(
    names: tuple[str, ...], option: str, *, form: str = "LANG=NAME, such as ar=إنفيديا"
) -> dict[str, list[str]]:
    """Return names given as ``LANG=NAME`` by language, in order.

    Args:
        names: What was given.
        option: The option that it was given with.
        form: What is to be given, for the message.

    Raises:
        BadParameter: One is not given so.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        language, _, text = name.partition("=")
        if language == "" or text == "":
            raise click.BadParameter(f"{name!r} is not {form}.", param_hint=option)
        found.setdefault(language, []).append(text)
    return found


def time_now() -> str:
    """Return the time in UTC, RFC 3339, in milliseconds."""
    return _written(_now())


def switched(store: RedisStore, report: SwitchReport, *, format_: str) -> None:
    """Say what a promotion or a rollback did, and publish the snapshot of what is live now."""
    from dataclasses import asdict  # noqa: PLC0415 - help must not wait for it

    from streams.cli.catalog.shown import publish_shown  # noqa: PLC0415

    if format_ != "json":
        click.echo(f"build {report.build} is live; the catalogue is at version {report.version}")
        if report.carried > 0:
            left = "entity stays as editors left it" if report.carried == 1 else "entities stay as editors left them"
            click.echo(f"{report.carried} {left} since the version was made")
    publish_shown(store)
    if format_ == "json":
        write_json(asdict(report))
