"""Command lines in the pages name verbs, options and targets that exist."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from streams.cli import cli
from tests.docs.pages import NAMES, blocks, read, spans

if TYPE_CHECKING:
    from pathlib import Path

# What may stand for something else in a command line.
_PLACEHOLDER = re.compile(r"\[[^\]]*\]|…")
_MARKED = r"\[([^\]]*?) → [^\]]*\]"
_SHELL = {"|", "||", "&&", ">", ">>", "<", ";", "&"}


def command_lines(text: str) -> list[str]:
    """Lines of the console, and what stands in backticks, with continued lines joined and comments left out."""
    lines = []
    for block in blocks(text):
        joined = block.text.replace("\\\n", " ")
        if block.language == "console":
            lines += _prompted(joined)
        elif block.language == "":
            lines += [line for line in joined.splitlines() if line.startswith(("wasl ", "make "))]
    return lines + [span for span in spans(text) if re.match(r"(wasl|make)( |$)", span)]


def _prompted(text: str) -> list[str]:
    """What stands behind each prompt, up to where its quotes are closed."""
    lines: list[str] = []
    is_open = False
    for line in text.splitlines():
        if is_open:
            lines[-1] += f" {line}"
        elif line.startswith("$ "):
            lines.append(line[2:])
        is_open = len(lines) > 0 and lines[-1].partition(" #")[0].count("'") % 2 == 1
    return lines


def calls(line: str, program: str) -> list[list[str]]:
    """The arguments of each call of ``program`` in a command line."""
    found: list[list[str]] = []
    current: list[str] | None = None
    lexer = shlex.shlex(_PLACEHOLDER.sub("", line), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = "#"
    is_first = True
    for word in lexer:
        if word in _SHELL:
            current, is_first = None, word not in {">", ">>", "<"}
        elif is_first and word.rpartition("/")[2] == program:
            current, is_first = [], False
            found.append(current)
        elif is_first and re.fullmatch(r"[A-Z_]+=.*", word):
            continue
        else:
            is_first = False
            if current is not None:
                current.append(word)
    return found


def problem(arguments: list[str]) -> str | None:
    """What is wrong with a call of ``wasl``, without running it; None where nothing is."""
    command: click.Command = cli
    rest = list(arguments)
    while isinstance(command, click.Group) and len(rest) > 0 and not rest[0].startswith("-"):
        inner = command.get_command(click.Context(command), rest[0])
        if inner is None and any(isinstance(parameter, click.Argument) for parameter in command.params):
            # A group that is a command as well.
            break
        name = rest.pop(0)
        if inner is None:
            return f"{command.name} has no verb {name}"
        command = inner
    options = {
        spelling: parameter
        for parameter in command.get_params(click.Context(command, help_option_names=["-h", "--help"]))
        for spelling in (*parameter.opts, *parameter.secondary_opts)
        if isinstance(parameter, click.Option)
    }
    values = 0
    while len(rest) > 0:
        word = rest.pop(0)
        if word.startswith("-") and word != "-":
            name, _, given = word.partition("=")
            if name not in options:
                return f"{command.name} has no option {name}"
            option = options[name]
            # A span may name an option without its value.
            if not option.is_flag and given == "" and len(rest) > 0:
                value = rest.pop(0)
                if isinstance(option.type, click.Choice) and value not in option.type.choices:
                    return f"{name} does not take {value}"
        else:
            values += 1
    most = sum(1 if p.nargs == 1 else 1_000 for p in command.params if isinstance(p, click.Argument))
    return f"{command.name} takes {most} arguments, not {values}" if values > most else None


def makefile_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_calls_of_wasl_name_what_exists(name: str) -> None:
    problems = [
        f"{line}: {found}"
        for line in command_lines(read(name))
        for arguments in calls(line, "wasl")
        if (found := problem(arguments)) is not None
    ]
    assert problems == []


@pytest.mark.parametrize("name", NAMES)
def test_calls_of_make_name_targets_that_exist(name: str) -> None:
    named = {
        word
        for line in command_lines(read(name))
        for arguments in calls(line, "make")
        for word in arguments
        if "=" not in word and not word.startswith("-")
    }
    assert named - makefile_targets() == set()


def test_the_readme_shows_the_main_verbs() -> None:
    verbs = {
        arguments[0] for line in command_lines(read("README.md")) for arguments in calls(line, "wasl") if arguments
    }
    assert {"up", "down", "produce", "consume", "link", "catalog"} <= verbs


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("wasl consume --topic x --format jsonl --limit 1 | python3 -c 'x'", None),
        ("wasl catalog set --id local:acme --label en=Acme", None),
        ("wasl --help", None),
        ("wasl catalogue stats", "has no verb catalogue"),
        ("wasl catalog remove Q1", "has no verb remove"),
        ("wasl consume --from-start", "has no option --from-start"),
        ("wasl consume --format xml", "does not take xml"),
        ("cat x | wasl produce a b", "takes 1 arguments, not 2"),
        ("WASL_HOME=x .venv/bin/wasl down now", "takes 0 arguments, not 1"),
    ],
)
def test_what_is_wrong_with_a_call_is_seen(line: str, found: str | None) -> None:
    [arguments] = calls(line, "wasl")
    said = problem(arguments)
    assert said == found or (found is not None and said is not None and found in said)


def test_the_sample_of_the_demo_in_the_readme_is_what_linking_gives(tmp_path: Path) -> None:
    shown = next(block.text for block in blocks(read("README.md")) if "── story-1" in block.text)
    counts, title, body = shown[shown.index("── story-1") :].strip("\n").splitlines()
    article = {"article_id": "story-1", "title": re.sub(_MARKED, r"\1", title), "body": re.sub(_MARKED, r"\1", body)}
    path = tmp_path / "story.json"
    path.write_text(json.dumps(article), encoding="utf-8")
    said = CliRunner().invoke(cli, ["link", str(path)]).stdout
    assert [line for line in re.sub("[\u2068\u2069]", "", said).splitlines() if line != ""] == [title, body]
    marks = re.findall(_MARKED, f"{title} {body}")
    unlinked = f"{title} {body}".count(" → ?]")
    assert counts.endswith(f"· {len(marks) - unlinked} linked, {unlinked} unlinked")
