"""``wasl lag``: how far consumer groups are behind."""

from __future__ import annotations

from typing import Final

import click

from streams.cli.connect import find_settings, verbose_option
from streams.cli.group import LazyCommand, LazyGroup

__all__ = ["command"]

_VERBS: Final = {
    "export": LazyCommand("streams.cli.lag_export", "command", "Show lag to Prometheus."),
}


@click.group("lag", cls=LazyGroup, lazy=_VERBS, invoke_without_command=True)
@click.option(
    "--group", "groups", metavar="PATTERN", multiple=True, help="Only these groups, instead of WASL_LAG_GROUPS."
)
@click.option(
    "--topic", "topics", metavar="PATTERN", multiple=True, help="Only these topics, instead of WASL_LAG_TOPICS."
)
@click.option("--once", is_flag=True, help="Look once and end.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each partition, as it is in a pipe anyway.")
@click.option(
    "--interval",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 3600),
    default=2.0,
    show_default=True,
    help="How often to look.",
)
@click.option("--no-history", is_flag=True, help="Neither read nor keep what was seen before.")
@verbose_option
@click.pass_context
def command(
    ctx: click.Context,
    groups: tuple[str, ...],
    topics: tuple[str, ...],
    once: bool,
    as_json: bool,
    interval: float,
    no_history: bool,
    verbose: bool,
) -> None:
    """Show how far consumer groups are behind.

    A table that follows, until Ctrl-C; in a pipe, lines of JSON. In a PATTERN, * and ? stand for other
    characters, and ! before it leaves names out. Nothing joins a group, and nothing is committed.
    """
    if ctx.invoked_subcommand is not None:
        return
    from streams.cli.lag_run import show_lag  # noqa: PLC0415 - help must not wait for Kafka
    from streams.lag.assemble import open_watcher  # noqa: PLC0415

    watcher = open_watcher(find_settings(verbose=verbose), groups=groups, topics=topics, keep=not no_history)
    show_lag(watcher, interval=interval, once=once, as_json=as_json)
