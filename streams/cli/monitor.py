"""``wasl monitor``: the monitor page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, running_stack, verbose_option

if TYPE_CHECKING:
    from streams.settings import Settings

__all__ = ["command", "with_workers"]


@click.command("monitor")
@click.option("--host", metavar="ADDRESS", help="Where to listen, instead of WASL_MONITOR_HOST.")
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65_535),
    help="Port, instead of WASL_MONITOR_PORT; 0 picks a free one.",
)
@click.option("--open", "open_", is_flag=True, help="Let everybody read who can reach the address, without a token.")
@verbose_option
def command(host: str | None, port: int | None, open_: bool, verbose: bool) -> None:
    """Serve the monitor page, until SIGTERM or Ctrl-C.

    The page shows lag and throughput, workers, catalogue, dead letters and the latest articles, and links texts that
    you paste. Edits ask for WASL_MONITOR_TOKEN; without one the page is read only.
    """
    settings = with_workers(find_settings(verbose=verbose))
    monitor = settings.monitor
    settings = replace(
        settings,
        monitor=replace(
            monitor, host=monitor.host if host is None else host, port=monitor.port if port is None else port
        ),
    )
    from streams.log import configure_logging  # noqa: PLC0415 - help must not wait for Kafka and Redis
    from streams.web.run import run_monitor  # noqa: PLC0415

    configure_logging(settings.log_level)
    run_monitor(settings, allow_open=open_, on_start=lambda address: click.echo(f"The monitor page is at {address}"))


def with_workers(settings: Settings) -> Settings:
    """Return the settings with the workers of `wasl up` where no others are named."""
    if settings.monitor.workers != "":
        return settings
    stack = running_stack()
    if stack is None or stack.bootstrap_servers != settings.kafka.bootstrap_servers:
        return settings
    found = [f"127.0.0.1:{process.port}" for process in stack.processes if process.name == "worker"]
    return replace(settings, monitor=replace(settings.monitor, workers=",".join(found)))
