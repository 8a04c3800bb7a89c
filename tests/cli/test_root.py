from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from streams import __version__
from streams.cli import cli
from streams.cli.root import INTERRUPTED, UNREAD
from streams.errors import WaslError
from streams.native import form

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], Result]:
    """Run the root with one verb that raises what it is told to."""

    def run(error: BaseException) -> Result:
        @click.command("fail")
        def fail() -> None:
            raise error

        monkeypatch.setattr(cli, "get_command", lambda _context, _name: fail)
        return CliRunner().invoke(cli, ["fail"])

    return run


def _family(base: type[WaslError]) -> list[type[WaslError]]:
    return [base, *(member for child in base.__subclasses__() for member in _family(child))]


@pytest.mark.parametrize("kind", _family(WaslError), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_is_told_without_a_traceback(
    kind: type[WaslError], failing: Callable[[BaseException], Result]
) -> None:
    result = failing(kind("The thing broke.", remedy="Mend it."))
    assert result.exit_code == 1
    assert result.stderr == "error: The thing broke.\n  Mend it.\n"
    assert result.stdout == ""


def test_a_fault_of_ours_keeps_its_traceback(failing: Callable[[BaseException], Result]) -> None:
    result = failing(ZeroDivisionError("oops"))
    assert isinstance(result.exception, ZeroDivisionError)


def test_interrupt_ends_with_the_code_of_shells(failing: Callable[[BaseException], Result]) -> None:
    result = failing(KeyboardInterrupt())
    assert result.exit_code == INTERRUPTED
    assert result.stderr == ""


def test_a_closed_pipe_is_no_news(failing: Callable[[BaseException], Result]) -> None:
    result = failing(BrokenPipeError(32, "Broken pipe"))
    assert result.exit_code == UNREAD
    assert result.output == ""


def test_a_full_disk_is_told_without_a_traceback(failing: Callable[[BaseException], Result]) -> None:
    result = failing(OSError(28, "No space left on device", "/big"))
    assert result.exit_code == 1
    assert result.stderr.startswith("error: /big cannot be written: No space left on device.\n")


def test_another_fault_of_the_system_keeps_its_traceback(failing: Callable[[BaseException], Result]) -> None:
    assert isinstance(failing(OSError(13, "Permission denied")).exception, OSError)


# What writes once, what writes through another layer, what writes lines, what click itself writes; all without servers.
_WRITING = [
    ("settings", "--format", "json"),
    ("link", "-"),
    ("link", "--format", "json", "-"),
    ("link", "--format", "jsonl", "-"),
    ("--help",),
    ("link", "--help"),
]


@pytest.mark.parametrize("args", _WRITING, ids=" ".join)
def test_a_reader_that_goes_away_is_no_news(args: tuple[str, ...]) -> None:
    inlet, outlet = os.pipe()
    os.close(inlet)  # before anything is written, so that chance has no say
    with os.fdopen(outlet, "wb") as unread:
        run = subprocess.run(
            [sys.executable, "-m", "streams", *args],
            input=b"Nvidia rose.",
            stdout=unread,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (run.returncode, run.stderr) == (UNREAD, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("args", _WRITING, ids=" ".join)
def test_output_for_which_there_is_no_room_is_an_error(args: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "streams", *args],
            input=b"Nvidia rose.",
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.startswith(b"error: The output cannot be written: No space left on device.\n")


def test_python_dash_m() -> None:
    run = subprocess.run([sys.executable, "-m", "streams", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"wasl, version {__version__} (linking is {form()})\n"


def test_an_error_about_a_file_whose_name_is_no_text_is_told() -> None:
    command = [sys.executable, "-m", "streams", "catalog", "import", b"/nowhere/\xff.jsonl"]
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 1
    assert run.stderr.startswith(b"error: Catalogue /nowhere/\\udcff.jsonl cannot be read: ")


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-6", "utf-16"])
def test_output_is_utf_8_whatever_the_locale_says(encoding: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "streams", "settings"],
        env={**os.environ, "PYTHONIOENCODING": encoding, "WASL_DATA_DIR": "/srv/أخبار-café-😀"},
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "/srv/أخبار-café-😀" in run.stdout.decode("utf-8")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_stream_that_the_caller_closed_is_no_fault(closed: str, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("قالت إنفيديا", encoding="utf-8")
    command = f'"{sys.executable}" -m streams link "{article}" {closed}'
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert ("Q182477" in run.stdout) == (">&-" not in closed.replace("2>&-", ""))


def test_an_unknown_verb_is_a_usage_error() -> None:
    result = CliRunner().invoke(cli, ["demonstrate"])
    assert result.exit_code == 2
    assert "No such command 'demonstrate'" in result.stderr
