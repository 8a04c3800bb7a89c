"""``wasl settings``: every setting and its value."""

from __future__ import annotations

import click

from streams.cli.connect import find_settings, verbose_option

__all__ = ["command"]


@click.command("settings")
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="A table, or JSON for programs.",
)
@verbose_option
def command(format_: str, verbose: bool) -> None:
    """Show every setting and its value.

    Settings are environment variables. Where neither WASL_KAFKA_BOOTSTRAP nor WASL_REDIS_URL is set, the
    stack that `wasl up` started is used. Secrets are masked.
    """
    rows = find_settings(verbose=verbose).describe()
    if format_ == "json":
        import orjson  # noqa: PLC0415 - `wasl --help` must not wait for it

        document = [{"variable": name, "value": value, "meaning": meaning} for name, value, meaning in rows]
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        return
    from streams.cli.terminal import format_table  # noqa: PLC0415 - see above

    click.echo(format_table(("variable", "value", "meaning"), rows), nl=False)
