from __future__ import annotations

import sys

import click
from click.testing import CliRunner

from streams.cli.group import LazyCommand, LazyGroup

_TABLE = {
    "settings": LazyCommand("streams.cli.settings", "command", "Show."),
    "broken": LazyCommand("streams.cli.no_such_module", "command", "Never imported."),
}


def group() -> LazyGroup:
    return LazyGroup("test", lazy=_TABLE)


def test_help_lists_the_table_in_order_and_imports_nothing() -> None:
    shown = CliRunner().invoke(group(), ["--help"]).stdout
    assert shown.index("settings  Show.") < shown.index("broken    Never imported.")
    assert "streams.cli.no_such_module" not in sys.modules


def test_a_command_is_imported_when_it_is_asked_for() -> None:
    context = click.Context(group())
    command = group().get_command(context, "settings")
    assert command is sys.modules["streams.cli.settings"].command
    assert group().get_command(context, "nothing") is None


def test_the_table_that_is_given_out_is_a_copy() -> None:
    lazy = group()
    lazy.lazy.clear()
    assert list(lazy.lazy) == ["settings", "broken"]
