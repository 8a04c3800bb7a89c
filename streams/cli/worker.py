"""``wasl worker``: run a worker."""

from __future__ import annotations

import sys

import click

from streams.cli.connect import find_settings, verbose_option

__all__ = ["command"]


@click.command("worker")
@verbose_option
def command(verbose: bool) -> None:
    """Run a worker.

    It runs until SIGTERM or Ctrl-C. Start as many as the topic of raw articles has partitions.
    """
    settings = find_settings(verbose=verbose)
    from streams.catalog.feed import CatalogFeed  # noqa: PLC0415 - help must not wait for Faust
    from streams.log import configure_logging  # noqa: PLC0415
    from streams.workers.main import run_worker  # noqa: PLC0415

    configure_logging(settings.log_level)
    catalog = CatalogFeed(settings.redis, settings.worker.data_dir / "catalog")
    sys.exit(run_worker(settings, catalog=catalog))
