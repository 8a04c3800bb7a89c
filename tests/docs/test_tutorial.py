"""Every command of the tutorial is run, in order, in a folder of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.docs.pages import blocks, read

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = read("docs/tutorial.md")


def steps() -> list[tuple[str, list[str]]]:
    """Each command with the lines that the page shows after it."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(PAGE):
        if block.language != "console":
            continue
        heredoc = ""
        for line in block.text.splitlines():
            if heredoc != "":
                found[-1] = (f"{found[-1][0]}\n{line}", [])
                heredoc = "" if line == heredoc else heredoc
            elif line.startswith("$ "):
                found.append((line[2:], []))
                begun = re.search(r"<<'(\w+)'", line)
                heredoc = "" if begun is None else begun[1]
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder and an environment in which ``wasl`` is found, and whatever was started is stopped at the end."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
    env |= {"PATH": f"{Path(sys.executable).parent}:{env['PATH']}", "WASL_HOME": str(tmp_path / "home")}
    yield tmp_path, env
    subprocess.run(["wasl", "down"], cwd=tmp_path, env=env, capture_output=True, check=False, timeout=60)


def test_every_command_of_the_tutorial_does_what_the_page_says(shell: tuple[Path, dict[str, str]]) -> None:
    folder, env = shell
    said: dict[str, str] = {}
    for command, shown in steps():
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        # A terminal shows both.
        assert set(shown) <= {*done.stdout.splitlines(), *done.stderr.splitlines()}
        said[command] = done.stdout
    table = said["wasl consume --format table"]
    assert all(name in table for name in ("Nvidia", "Riyadh", "Jensen Huang", "Aramco"))
    assert "Zarnook Labs" in said["wasl unlinked top"]
    assert len(said["wasl follow local:zarnook-labs --once"].splitlines()) == 1
    assert "event.invalid" in said["wasl dlq list"]
    assert "wasl-linker" in said["wasl lag --once"]
    assert (folder / "articles.html").read_text(encoding="utf-8").count("<mark") > 4
