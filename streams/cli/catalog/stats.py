"""``wasl catalog stats``: how much the catalogue holds."""

from __future__ import annotations

from dataclasses import asdict

import click

from streams.cli.catalog.options import format_option, opened_store, write_json
from streams.cli.connect import verbose_option
from streams.cli.terminal import note

__all__ = ["command"]


@click.command("stats")
@format_option
@verbose_option
def command(format_: str, verbose: bool) -> None:
    """Count what the catalogue holds.

    Warns where Redis does not keep it safe: on disk at each change, and nothing evicted.
    """
    from streams.catalog.redis_promises import broken_promises  # noqa: PLC0415 - help must not wait for it

    with opened_store(verbose=verbose) as store:
        stats = store.stats()
        broken = broken_promises(store.client)
    for promise in broken:
        note(f"warning: {promise.message}\n  {promise.remedy}")
    if format_ == "json":
        write_json(asdict(stats))
        return
    from streams.cli.terminal import format_table  # noqa: PLC0415 - help must not wait for it

    rows = [
        ("entities", str(stats.entities)),
        *((f"  {type_}", str(count)) for type_, count in stats.by_type.items()),
        ("retired", str(stats.retired)),
        ("redirects", str(stats.redirects)),
        ("names", str(stats.names)),
        ("changes", str(stats.sequence)),
        ("version", stats.version),
    ]
    click.echo(format_table(("what", "count"), rows, right=("count",)), nl=False)
