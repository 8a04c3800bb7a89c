"""``wasl down``: stop what ``wasl up`` started."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("down")
def command() -> None:
    """Stop what `wasl up` started.

    The worker goes first, and delivers what it has in hand. Data and logs stay.
    """
    from streams.cli.up_parts import say_waiting  # noqa: PLC0415 - help must not wait for it
    from streams.embedded.options import EmbeddedOptions  # noqa: PLC0415
    from streams.embedded.state import stop_all  # noqa: PLC0415

    home = EmbeddedOptions.from_env().home
    stopped = stop_all(home, waiting=lambda: say_waiting(home))
    if len(stopped) == 0:
        click.echo(f"Nothing runs in {home}; a stack is found from the folder where it was started, or by WASL_HOME.")
    for process, outcome in stopped:
        said = {"stopped": "stopped", "killed": "stopped by force", "gone": "had ended before"}[outcome]
        click.echo(f"{process.name} {said}")
