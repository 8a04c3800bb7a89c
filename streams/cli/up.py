"""``wasl up``: the embedded broker, Redis, the topics, a worker and the monitor page, to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from streams.embedded.stack import BrokerKind

__all__ = ["command"]


@click.command("up")
@click.option("--detach", is_flag=True, help="Return when everything runs; `wasl down` stops it.")
@click.option(
    "--broker",
    type=click.Choice(("tansu", "apache")),
    help="tansu, the default, starts in milliseconds and forgets; apache is Apache Kafka, which needs Java.",
)
@click.option(
    "--kafka-port", metavar="PORT", type=click.IntRange(1, 65_535), help="Port of the broker; else a free one."
)
@click.option("--redis-port", metavar="PORT", type=click.IntRange(1, 65_535), help="Port of Redis; else a free one.")
@click.option("--monitor/--no-monitor", default=None, help="Whether to serve the monitor page; it is by default.")
def command(
    detach: bool, broker: str | None, kafka_port: int | None, redis_port: int | None, monitor: bool | None
) -> None:
    """Start the embedded broker, Redis, the topics, a worker and the monitor page.

    Redis keeps the catalogue for the next time, and gets the starter catalogue where it has none. Without
    --detach everything stops on Ctrl-C. What runs already stays, and of that only what has ended is started;
    the command returns then, with or without --detach, and `wasl down` stops it. Other commands find what runs
    by themselves.
    """
    from streams.cli.up_mend import Asked  # noqa: PLC0415 - help must not wait for Kafka and Redis
    from streams.cli.up_run import run_up  # noqa: PLC0415

    chosen: BrokerKind | None = None if broker is None else "apache" if broker == "apache" else "tansu"
    run_up(Asked(chosen, kafka_port=kafka_port, redis_port=redis_port, monitor=monitor), detach=detach)
