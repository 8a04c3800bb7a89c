"""What the verbs of ``wasl catalog`` have in common."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.catalog.redis_ import RedisStore
    from streams.events.change import CatalogChange
    from streams.events.entity import Entity

__all__ = [
    "change_options",
    "describe_entity",
    "format_option",
    "made_change",
    "opened_store",
    "reported",
    "user_name",
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
    author = click.option("--author", metavar="NAME", help="Who does it; by default, who is logged in.")
    return author(reason(function))


def user_name() -> str | None:
    """Return the name of the user of this machine, or None where it does not say."""
    return os.environ.get("USER") or os.environ.get("LOGNAME") or None


def made_change(
    action: str,
    entity_id: str,
    *,
    author: str | None,
    reason: str | None,
    entity: Entity | None = None,
    into: str | None = None,
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.timezone.utc),
) -> CatalogChange:
    """Return a change that was asked for on the command line, checked like any other.

    Args:
        action: ``set``, ``retire`` or ``merge``.
        entity_id: The entity concerned.
        author: Who does it; None means the user of this machine.
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
                author=user_name() if author is None else author,
                reason=reason,
                changed_at=now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
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
        yield RedisStore(client, prefix=settings.redis.prefix)


def write_json(document: Any) -> None:
    """Write one JSON value to standard output."""
    import orjson  # noqa: PLC0415 - see `opened_store`

    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())


def reported(change: CatalogChange, sequence: int, said: str, *, format_: str) -> None:
    """Say what a change did."""
    if format_ == "json":
        write_json({"action": change.action, "entity_id": change.entity_id, "sequence": sequence})
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
