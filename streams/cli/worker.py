"""``wasl worker``: run a worker."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, verbose_option
from streams.collector import uncollected

if TYPE_CHECKING:
    from streams.settings import Settings

__all__ = ["command"]


@click.command("worker")
@click.option(
    "--processes",
    type=click.IntRange(0, 256),
    default=None,
    metavar="N",
    help="Workers that share the catalogue's memory; 0 is one a core. WASL_PROCESSES unless given.",
)
@verbose_option
def command(processes: int | None, verbose: bool) -> None:
    """Run a worker on each core, or as many as you say.

    They run until SIGTERM or Ctrl-C, and answer for their health on one port. All workers of a group together need be
    no more than the topic of raw articles has partitions.
    """
    settings = find_settings(verbose=verbose)
    # What imports and loading make stays for good, and the collector would look through it again and again; workers
    # switch it on when all is there.
    with uncollected():
        sys.exit(_run(settings, processes))


def _run(settings: Settings, processes: int | None) -> int:
    from streams.catalog.feed import CatalogFeed  # noqa: PLC0415 - help must not wait for Faust
    from streams.log import configure_logging  # noqa: PLC0415
    from streams.workers.main import run_workers  # noqa: PLC0415

    configure_logging(settings.log_level)
    catalog = CatalogFeed(settings.redis, settings.worker.data_dir / "catalog")
    wanted = settings.worker.processes if processes is None else processes
    return run_workers(settings, catalog=catalog, processes=wanted)
