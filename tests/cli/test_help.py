from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from streams.cli import cli
from streams.cli.group import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"


def commands(group: click.Group, name: str = "wasl") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for verb in group.list_commands(context):
        command = group.get_command(context, verb)
        assert command is not None, verb
        yield f"{name} {verb}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {verb}")


COMMANDS = dict(commands(cli))


def section(name: str) -> str:
    """The part of the page under the heading of one command, up to the next heading."""
    text = _PAGE.read_text(encoding="utf-8")
    _, found, rest = text.partition(f"# `{name}`\n")
    assert found, f"{_PAGE.name} has no heading `{name}`"
    return rest.partition("\n#")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_section(name: str) -> None:
    command = COMMANDS[name]
    assert command.help is not None
    assert len(section(name).strip()) > 0


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help_and_stands_in_the_section(name: str) -> None:
    page = section(name)
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} has no help"
            for spelling in (*parameter.opts, *parameter.secondary_opts):
                assert f"`{spelling}" in page, f"{name} {spelling} is not in {_PAGE.name}"
        else:
            assert parameter.make_metavar(click.Context(COMMANDS[name])).strip("[].") in page


def test_the_page_has_no_section_of_a_command_that_is_gone() -> None:
    lines = _PAGE.read_text(encoding="utf-8").splitlines()
    headings = {line.lstrip("#").strip().strip("`") for line in lines if line.startswith("#") and "`wasl " in line}
    assert headings == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_summaries_in_the_tables_are_the_first_lines_of_the_help(name: str) -> None:
    parent, _, verb = name.rpartition(" ")
    group = cli if parent == "wasl" else COMMANDS[parent]
    if isinstance(group, LazyGroup):
        assert group.lazy[verb].summary == (COMMANDS[name].help or "").splitlines()[0]


def test_help_loads_no_verb_and_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from streams.cli import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(run.stderr.split())
    assert not loaded & {"rich", "orjson", "kafka", "redis", "faust", "aiohttp", "prometheus_client"}
    assert {name for name in loaded if name.startswith("streams.cli.")} == {"streams.cli.group", "streams.cli.root"}
    assert "catalog" in run.stdout
