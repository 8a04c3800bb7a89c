"""A click group that imports a command when it is called, not before."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LazyCommand", "LazyGroup", "verbs"]


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command is, and the line that the group's help shows for it.

    Attributes:
        module: Module to import.
        attribute: The click command there.
        summary: One line; a test holds it to the first line of the command's own help.
    """

    module: str
    attribute: str
    summary: str


def verbs(package: str, *rows: tuple[str, str, str]) -> dict[str, LazyCommand]:
    """Return the table of a group whose verbs have a module each.

    Args:
        package: Where the modules are.
        rows: Verb, module and summary, in the order in which help lists them.
    """
    return {verb: LazyCommand(f"{package}.{module}", "command", summary) for verb, module, summary in rows}


class LazyGroup(click.Group):
    """A group whose commands are named in a table and imported one by one.

    Args:
        lazy: The commands by name, in the order in which help lists them.
        args: For click.
        options: For click.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **options: Any) -> None:
        super().__init__(*args, **options)
        self._lazy = dict(lazy)

    @property
    def lazy(self) -> dict[str, LazyCommand]:
        """The table, copied."""
        return dict(self._lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table, which is the order of use."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """Import the command, or return None where there is none of this name."""
        lazy = self._lazy.get(cmd_name)
        if lazy is None:
            return None
        command: click.Command = getattr(import_module(lazy.module), lazy.attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the list of commands from the table, so that help imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, lazy.summary) for name, lazy in self._lazy.items()])
