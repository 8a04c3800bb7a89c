"""Commands of the pages, and a shell that runs those of a page one after the other."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.docs.pages import ROOT, blocks, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.embedded.state import StackState

__all__ = ["Done", "Page", "Sandbox", "Step", "replaced", "run_steps", "shell_env", "shown_pattern", "steps"]

_HEREDOC: Final = re.compile(r"<<'(\w+)'")
# What differs from one run to the next: what is left out; gaps and rules of tables; ids and digests; times and figures.
_VARIES: Final = (
    (re.compile(r" *(?:…|\.{3,}) *"), ".*"),
    (re.compile(r"  +"), r"\s+"),
    (re.compile(r"─{3,}"), "─+"),
    (re.compile(r"\b[0-9a-f]{12,64}\b|\d[\d.,:]*", re.ASCII), r"[\w.,:+-]+"),
)


class Step(NamedTuple):
    """A command of a page, and what the page shows after it."""

    command: str
    shown: tuple[str, ...]


class Done(NamedTuple):
    """A command that was run."""

    step: Step
    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """What a terminal shows."""
        return f"{self.out}{self.err}"


@dataclass(frozen=True)
class Page:
    """How the commands of a page are run.

    Attributes:
        setup: What has to be there before; it is called with the sandbox and the folder, and returns what else is
            replaced in the page's commands and in what it shows.
        env: Variables beside those of the sandbox.
        until: Commands that go on until Ctrl-C, each with a pattern of what they say first.
        beside: What happens while such a command runs.
        said: Patterns that commands say in the end, where it takes a moment until they do.
        codes: Exit codes other than 0.
        replace: What stands for something else on the page.
    """

    setup: Callable[[Sandbox, Path], dict[str, str]] | None = None
    env: dict[str, str] = field(default_factory=dict)
    until: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    replace: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sandbox:
    """A stack as `wasl up` starts it, and the shell of somebody who sits before it."""

    folder: Path
    env: dict[str, str]
    state: StackState
    lag_port: int

    def port(self, name: str) -> int:
        """The port of a part of the stack."""
        return next(each.port for each in self.state.processes if each.name == name and each.port is not None)

    @property
    def addresses(self) -> dict[str, str]:
        """Addresses that the pages name, and those of the sandbox."""
        broker = self.state.bootstrap_servers
        return {
            "127.0.0.1:9092": broker,
            "localhost:9092": broker,
            "127.0.0.1:6066": f"127.0.0.1:{self.port('worker')}",
            "127.0.0.1:9308": f"127.0.0.1:{self.lag_port}",
        }

    def run(self, command: str, *, folder: Path | None = None, code: int = 0) -> str:
        """Run a command of the shell, and return what it printed."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder or self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


def steps(name: str, *, language: str = "console") -> list[Step]:
    """The commands of a page, with the lines that it shows after each; ``text`` is what a state looks like."""
    found: list[tuple[str, list[str]]] = []
    for block in blocks(read(name)):
        lines = block.text.splitlines()
        if block.language != language or not any(line.startswith("$ ") for line in lines):
            continue
        heredoc, goes_on, begun = "", False, False
        for line in lines:
            if heredoc != "" or goes_on:
                found[-1] = (f"{found[-1][0]}\n{line}", [])
                heredoc = "" if line == heredoc else heredoc
                goes_on = heredoc == "" and line.endswith("\\")
            elif line.startswith("$ "):
                found.append((line[2:], []))
                opened = _HEREDOC.search(line)
                heredoc = "" if opened is None else opened[1]
                goes_on, begun = line.endswith("\\"), True
            elif begun:
                found[-1][1].append(line)
    return [Step(_bare(command), tuple(line for line in shown if line != "")) for command, shown in found]


def _bare(command: str) -> str:
    """A command without the comment behind it."""
    return command if "\n" in command else re.sub(r" +# .*$", "", command)


def shown_pattern(line: str) -> re.Pattern[str]:
    """What a line of a page stands for: figures, ids and whatever is left out may differ."""
    tokens = [line]
    for varies, other in _VARIES:
        parts: list[str] = []
        for at, token in enumerate(tokens):
            # What was replaced already stands at odd places.
            parts += [token] if at % 2 == 1 else re.split(f"({varies.pattern})", token)
        tokens = [part if at % 2 == 0 or not varies.fullmatch(part) else f"\0{other}" for at, part in enumerate(parts)]
    return re.compile("".join(part[1:] if part.startswith("\0") else re.escape(part) for part in tokens))


def run_steps(
    sandbox: Sandbox, page: Page, taken: Iterable[Step], folder: Path, *, replace: dict[str, str]
) -> list[Done]:
    """Run commands in one shell, in their order, until one fails; returns those that were run."""
    found = list(taken)
    script = ["set -m"]
    for number, step in enumerate(found):
        command = replaced(step.command, replace)
        if step.command in page.until:
            script.append(_until(number, command, page.until[step.command], page.beside.get(step.command, ":")))
        else:
            script.append(_once(number, command, page.said.get(step.command)))
        script.append(f"echo $rc > {number}.rc; [ $rc = {page.codes.get(step.command, 0)} ] || exit")
    (folder / "commands.sh").write_text("\n".join(script), encoding="utf-8")
    env = {**sandbox.env, **page.env}
    subprocess.run(["bash", "commands.sh"], cwd=folder, env=env, check=False, timeout=180, capture_output=True)
    done = []
    for number, step in enumerate(found):
        if (folder / f"{number}.rc").exists():
            out, err = ((folder / f"{number}.{name}").read_text("utf-8", "replace") for name in ("out", "err"))
            done.append(Done(step, int((folder / f"{number}.rc").read_text()), out, err))
    return done


def replaced(command: str, replace: dict[str, str]) -> str:
    """Put in what stands for something else on a page."""
    for old, new in replace.items():
        command = command.replace(old, new)
    return command


def _once(number: int, command: str, pattern: str | None) -> str:
    """A command that ends by itself; where it has to say something, it is asked again until it does."""
    run = f"{{\n{command}\n}} >{number}.out 2>{number}.err </dev/null; rc=$?"
    if pattern is None:
        return run
    return (
        f"for try in {{1..60}}; do\n{run}\n"
        f"grep -Eqs {shlex.quote(pattern)} {number}.out {number}.err && break; sleep 0.3\ndone"
    )


def _until(number: int, command: str, pattern: str, beside: str) -> str:
    """A command that is ended by Ctrl-C, once it has said something."""
    return "\n".join(
        (
            f"(\n{command}\n) >{number}.out 2>{number}.err </dev/null & pid=$!",
            "for try in {1..300}; do",
            f"grep -Eqs {shlex.quote(pattern)} {number}.out {number}.err && break",
            f"[ $try != 20 ] || {{ {beside}; }} >/dev/null 2>&1 </dev/null",
            "kill -0 $pid 2>/dev/null || break; sleep 0.1; done",
            "kill -INT -- -$pid 2>/dev/null; wait $pid; rc=$?; [ $rc = 130 ] && rc=0",
        )
    )


def shell_env(home: Path) -> dict[str, str]:
    """The environment of somebody who has ``wasl`` on the path, and has set nothing."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("WASL_")}
    return env | {
        "PATH": f"{Path(sys.executable).parent}:{env['PATH']}",
        "WASL_HOME": str(home),
        "WASL_MONITOR_PORT": "0",
        "WASL_CATALOG_AUTHOR": "Amal",
        "ROOT": str(ROOT),
    }
