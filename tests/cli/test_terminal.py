from __future__ import annotations

import io

import pytest

from streams.cli.terminal import counted, format_table, takes_colour


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "env", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_takes_colour(stream: io.StringIO, env: dict[str, str], expected: bool) -> None:
    assert takes_colour(stream, env) is expected


def test_a_table_in_a_pipe_cuts_nothing_and_has_no_colour() -> None:
    long = "x" * 150
    table = format_table(("name", "n"), [(long, "7"), ("إنفيديا", "12")], title="T", right=("n",))
    assert long in table
    assert "\x1b" not in table
    assert table.splitlines()[-1].startswith("\u2068إنفيديا\u2069 ")
    assert table.splitlines()[-1].endswith(" 12")


def test_what_looks_like_markup_is_shown() -> None:
    assert "[bold]x[/bold]" in format_table(("[red]name",), [("[bold]x[/bold]",)])


@pytest.mark.parametrize(("number", "expected"), [(0, "0 entities"), (1, "1 entity"), (2, "2 entities")])
def test_a_number_and_its_noun_agree(number: int, expected: str) -> None:
    assert counted(number, "entity", "entities") == expected
