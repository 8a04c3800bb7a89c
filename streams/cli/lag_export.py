"""``wasl lag export``: lag for Prometheus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.connect import find_settings, verbose_option

if TYPE_CHECKING:
    from streams.lag.export import LagExporter

__all__ = ["command"]


@click.command("export")
@click.option(
    "--listen",
    metavar="HOST:PORT",
    default="127.0.0.1:9308",
    show_default=True,
    help="Where to answer; port 0 picks a free one.",
)
@click.option(
    "--interval",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 3600),
    help="How often to look, instead of WASL_LAG_INTERVAL.",
)
@click.option(
    "--group", "groups", metavar="PATTERN", multiple=True, help="Only these groups, instead of WASL_LAG_GROUPS."
)
@click.option(
    "--topic", "topics", metavar="PATTERN", multiple=True, help="Only these topics, instead of WASL_LAG_TOPICS."
)
@verbose_option
def command(
    listen: str, interval: float | None, groups: tuple[str, ...], topics: tuple[str, ...], verbose: bool
) -> None:
    """Show lag to Prometheus.

    Answers at /metrics, with the names of kafka_exporter and of Kafka Lag Exporter beside Wasl's own, and at
    /healthz and /readyz. Runs until SIGTERM or Ctrl-C.
    """
    import asyncio  # noqa: PLC0415 - help must not wait for Kafka

    from streams.lag.assemble import open_watcher  # noqa: PLC0415
    from streams.lag.export import LagExporter  # noqa: PLC0415
    from streams.log import configure_logging  # noqa: PLC0415

    host, port = _address(listen)
    settings = find_settings(verbose=verbose)
    configure_logging(settings.log_level)
    watcher = open_watcher(settings, groups=groups, topics=topics)
    exporter = LagExporter(
        watcher,
        cluster=settings.lag.cluster,
        interval=settings.lag.interval if interval is None else interval,
    )
    asyncio.run(_serve(exporter, host, port))


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if host == "" or not port.isdigit() or int(port) > 65_535:
        raise click.BadParameter(f"{text!r} is not HOST:PORT, such as 127.0.0.1:9308.", param_hint="--listen")
    return host, int(port)


async def _serve(exporter: LagExporter, host: str, port: int) -> None:
    import asyncio  # noqa: PLC0415 - see above
    import signal  # noqa: PLC0415

    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    bound = await exporter.start(host, port)
    click.echo(f"http://{f'[{host}]' if ':' in host else host}:{bound}/metrics")
    looking = asyncio.ensure_future(exporter.run())
    ended = asyncio.ensure_future(asked.wait())
    try:
        done, _ = await asyncio.wait({looking, ended}, return_when=asyncio.FIRST_COMPLETED)
        if looking in done:
            looking.result()
    finally:
        looking.cancel()
        ended.cancel()
        await exporter.stop()
