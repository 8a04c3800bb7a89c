"""``wasl up``: the embedded broker, Redis, the topics, a worker and the monitor page, to stay."""

from __future__ import annotations

import click

__all__ = ["command"]

_PORT = click.IntRange(1, 65_535)


@click.command("up")
@click.option("--detach", is_flag=True, help="Return when everything runs; `wasl down` stops it.")
@click.option(
    "--broker",
    type=click.Choice(("tansu", "apache")),
    default="tansu",
    show_default=True,
    help="tansu starts in milliseconds and forgets; apache is Apache Kafka, which needs Java.",
)
@click.option(
    "--kafka-port", metavar="PORT", type=click.IntRange(1, 65_535), help="Port of the broker; else a free one."
)
@click.option("--redis-port", metavar="PORT", type=click.IntRange(1, 65_535), help="Port of Redis; else a free one.")
@click.option("--monitor/--no-monitor", default=True, help="Whether to serve the monitor page; it is by default.")
def command(detach: bool, broker: str, kafka_port: int | None, redis_port: int | None, monitor: bool) -> None:
    """Start the embedded broker, Redis, the topics, a worker and the monitor page.

    Redis keeps the catalogue for the next time, and gets the starter catalogue where it has none. Without
    --detach everything stops on Ctrl-C. Other commands find what runs by themselves.
    """
    from streams.cli.up_run import run_up  # noqa: PLC0415 - help must not wait for Kafka and Redis

    run_up(
        detach=detach,
        broker="apache" if broker == "apache" else "tansu",
        kafka_port=kafka_port,
        redis_port=redis_port,
        monitor=monitor,
    )
