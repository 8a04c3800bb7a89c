"""Every command of every page is run, and prints what the page shows; those that cannot be run here say why."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.docs.commands import NOT_RUN, PAGES
from tests.docs.console import Step, replaced, run_steps, shown_pattern, steps
from tests.docs.pages import NAMES, ROOT, blocks, read

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.console import Sandbox

# Run by tests of their own: from the first command to the last, and while an alert has its reason.
_OWN = {"docs/tutorial.md", *(name for name in NAMES if name.startswith("docs/operations/alerts/Wasl"))}
_ELSEWHERE = ("bench/README.md", "schemas/README.md", "tests/gold/README.md", "streams/catalog/starter/README.md")
# Not every machine has them; what a page does with them is left out there.
_OPTIONAL = ("jq", "kcat")
_EVERY = sorted({*NAMES, *_ELSEWHERE})
COMMANDS = {name: found for name in _EVERY if len(found := steps(name)) > 0}


def test_every_page_with_commands_has_a_place() -> None:
    only_listed = {name for name, found in COMMANDS.items() if all(each.command in NOT_RUN for each in found)}
    assert set(COMMANDS) - _OWN - only_listed == set(PAGES)


def test_nothing_is_listed_that_no_page_has() -> None:
    commands = {step.command for found in COMMANDS.values() for step in found}
    assert set(NOT_RUN) - commands == set()
    for name, page in PAGES.items():
        own = {step.command for step in COMMANDS[name]}
        assert {*page.until, *page.said, *page.codes, *page.beside} - own == set(), name


def test_no_command_stands_without_a_prompt() -> None:
    """What a console shows has prompts, or nobody would know what was typed."""
    for name in _EVERY:
        for block in blocks(read(name)):
            assert block.language not in {"sh", "bash", "shell"}, name
            assert block.language != "console" or block.text.startswith("$ "), name


@pytest.mark.parametrize("command", NOT_RUN)
def test_what_cannot_be_run_here_is_checked_in_its_place(command: str) -> None:
    assert NOT_RUN[command].reason != ""
    NOT_RUN[command].check(command)


def _can_run(command: str) -> bool:
    """Whether the programs are there that not every machine has; CI installs them."""
    return all(shutil.which(program) is not None for program in _OPTIONAL if re.search(rf"\b{program}\b", command))


@pytest.mark.parametrize("name", PAGES)
def test_the_commands_of_a_page_do_what_it_says(sandbox: Sandbox, name: str, tmp_path: Path) -> None:
    page = PAGES[name]
    given = {} if page.setup is None else page.setup(sandbox, tmp_path)
    replace = {**sandbox.addresses, ". .venv/bin/activate": ". $ROOT/.venv/bin/activate", **page.replace, **given}
    asked = [step for step in COMMANDS[name] if step.command not in NOT_RUN and _can_run(step.command)]
    done = run_steps(sandbox, page, asked, tmp_path, replace=replace)
    for each in done:
        command = each.step.command
        assert each.code == page.codes.get(command, 0), f"{command}: {each.code}\n{each.said}"
        pattern = page.until.get(command) or page.said.get(command)
        assert pattern is None or re.search(pattern, each.said), f"{command}\n{each.said}"
        rest = each.said
        for line in (replaced(shown, given) for shown in each.step.shown):
            found = shown_pattern(line).search(rest)
            assert found is not None, f"{command} should print\n{line}\nand printed\n{each.said}"
            rest = rest[found.end() :]
    assert len(done) == len(asked), f"{asked[len(done)].command} did not end"


@pytest.mark.parametrize(
    ("line", "said", "is_it"),
    [
        ("local:acme set (change 2)", "local:acme set (change 17)", True),
        ("local:acme set (change 2)", "local:acne set (change 17)", False),
        (
            "      2   event.invalid       receiving   …   e53f4c2d34bc",
            "  7 event.invalid  receiving  x  0123456789ab",
            True,
        ),
        ('{"version": "sha-1770f7c69e71", …}', '{"version": "sha-0123456789ab", "is_live": true}', True),
        ("replayed 1 of 1 letter, refused 0", "replayed nothing", False),
        ("────────", "───", True),
    ],
)
def test_what_a_page_shows_stands_for_other_figures_and_nothing_else(line: str, said: str, is_it: bool) -> None:
    assert (shown_pattern(line).search(said) is not None) == is_it


def test_commands_are_read_with_what_belongs_to_them() -> None:
    found = {step.command.partition("\n")[0]: step for step in steps("README.md")}
    assert found["cat > story.json <<'END'"].command.endswith("\nEND")
    assert found["wasl produce story.json"] == Step("wasl produce story.json", ("1 article sent to articles.raw",))
    [piped] = [command for command in found if command.endswith("\\")]
    assert "kcat" in found[piped].command
    assert "make test" in found
    assert (ROOT / "Makefile").is_file()
