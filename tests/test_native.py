"""Compiled code runs only where it is what its source says, and then gives the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from streams import native

_ROOT = Path(__file__).resolve().parents[1]


def _run(*arguments: str, cwd: Path = _ROOT) -> str:
    run = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_both_forms_give_the_same_bytes() -> None:
    if not native.form().compiled:
        assert "CI" not in os.environ, f"CI tests the compiled form, and linking is {native.form()}"
        pytest.skip(f"linking is {native.form()}")
    compiled = _run("-m", "tests.support.native_corpus").splitlines()
    source = _run("-X", native.OPTION, "-m", "tests.support.native_corpus").splitlines()
    assert compiled[0] == "compiled"
    assert source[0].startswith("interpreted")
    assert len(compiled) == len(source) > 200
    assert sum(line.count('"entity_id":"') for line in compiled) > 1_000
    assert [
        number for number, lines in enumerate(zip(compiled[1:], source[1:], strict=True)) if len(set(lines)) > 1
    ] == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A package with one module that a list says was compiled."""
    package = tmp_path / "streams"
    package.mkdir()
    for name in ("__init__.py", "native.py"):
        shutil.copy(_ROOT / "streams" / name, package)
    (package / "made.py").write_text("WHAT = 'source'\n", encoding="utf-8")
    (package / "used.py").write_text("WHAT = 'used'\n", encoding="utf-8")
    path = native.manifest_path(package)
    path.parent.mkdir()
    sources = {name: native.digest((package / name).read_bytes()) for name in ("made.py", "used.py")}
    path.write_text(json.dumps({"modules": {"streams.made": "made.so"}, "sources": sources}), encoding="utf-8")
    return package


_ASK = """
from importlib.util import find_spec
from streams.native import form
print(form())
print(find_spec("streams.made").origin)
"""


def _form(package: Path, *options: str) -> tuple[str, str]:
    said, origin = _run(*options, "-c", _ASK, cwd=package.parent).splitlines()
    return said, Path(origin).name


def test_compiled_modules_are_found_while_their_sources_are_what_was_compiled(copy: Path) -> None:
    assert _form(copy) == ("compiled", "made.so")


@pytest.mark.parametrize("name", ["made.py", "used.py"])
def test_a_changed_source_is_run_itself(copy: Path, name: str) -> None:
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    said, found = _form(copy)
    assert said.startswith(f"interpreted: {name} was changed")
    assert found == "made.py"


def test_a_source_that_is_gone_counts_as_changed(copy: Path) -> None:
    (copy / "used.py").unlink()
    assert _form(copy)[1] == "made.py"


def test_without_a_list_nothing_is_compiled(copy: Path) -> None:
    native.manifest_path(copy).unlink()
    said, found = _form(copy)
    assert said.startswith("interpreted: nothing is compiled for this Python")
    assert found == "made.py"


def test_an_option_asks_for_the_source(copy: Path) -> None:
    said, found = _form(copy, "-X", native.OPTION)
    assert said == f"interpreted: asked for by -X {native.OPTION}"
    assert found == "made.py"
