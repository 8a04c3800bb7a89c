"""``wasl catalog diff``: what two versions hold differently."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from streams.cli.catalog.options import format_option, opened_store
from streams.cli.connect import verbose_option
from streams.cli.terminal import note

if TYPE_CHECKING:
    from streams.catalog.diff import Difference

__all__ = ["command"]


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B", default="live")
@format_option
@verbose_option
def command(first: str, second: str, format_: str, verbose: bool) -> None:
    """Compare two versions.

    A and B are builds, versions or the beginning of one, or `live`, as `wasl catalog versions` shows them. Entities
    come by id and as they are found, in JSON one a line; how many there are of each kind is said at the end.
    """
    from streams.catalog.diff import difference_document  # noqa: PLC0415 - help must not wait for it

    kinds: Counter[str] = Counter()
    with opened_store(verbose=verbose) as store:
        for difference in store.diff(first, second):
            kinds[difference.kind] += 1
            if format_ == "json":
                import orjson  # noqa: PLC0415 - see above

                click.echo(orjson.dumps(difference_document(difference)))
            else:
                click.echo(_described(difference))
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    note("The versions hold the same." if len(kinds) == 0 else counted)


def _described(difference: Difference) -> str:
    from streams.cli.render import isolated  # noqa: PLC0415 - see `command`

    into = "" if difference.into is None else f" into {difference.into}"
    parts = [f"{difference.kind} {difference.id}{into}"]
    for sign, names in (("+", difference.names_added), ("-", difference.names_removed)):
        parts += [f"{sign}{language}={isolated(name)}" for language, name in names]
    # Names that came or went say more than their fields; which of them is the label, or was counted, they do not say.
    told = {"labels", "aliases"} if len(parts) > 1 else set()
    other = [field for field in difference.fields if field not in told]
    return "  ".join(parts + ([] if len(other) == 0 else [f"({', '.join(other)})"]))
