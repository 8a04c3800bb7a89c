"""``wasl demo``: everything at work, on this machine, in a few seconds."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("demo")
@click.option(
    "--article", metavar="FILE", help="Articles of your own, as JSON, JSONL or plain text; - is standard input."
)
@click.option("--catalog", metavar="FILE", help="A catalogue of your own, as JSONL, instead of the starter catalogue.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(1, 3_600),
    default=60.0,
    show_default=True,
    help="Give up when nothing has arrived for so long.",
)
def command(article: str | None, catalog: str | None, timeout: float) -> None:
    """Show it all at work: broker, worker, Redis and a few articles.

    Starts servers of its own on free ports, sends the articles through a real worker, shows them with their
    names linked, and stops everything again.
    """
    from streams.cli.demo_run import run_demo  # noqa: PLC0415 - help must not wait for Kafka and Redis

    run_demo(article=article, catalog=catalog, timeout=timeout)
