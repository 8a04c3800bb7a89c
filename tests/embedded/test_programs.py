"""Programs inside other packages are found without importing those packages."""

from __future__ import annotations

import os

import pytest

from streams.embedded.programs import bundled_program


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package that must not be imported, with a program that lost its mode."""
    folder = tmp_path / "carrier"
    (folder / "bin").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('imported')")
    (folder / "bin" / "server").write_text("#!/bin/sh\n")
    (folder / "bin" / "server").chmod(0o644)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_it_is_found_and_made_executable(package):
    program = bundled_program("carrier", "bin/server")
    assert program == package / "bin" / "server"
    assert os.access(program, os.X_OK)


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("name", "relative"), [("carrier", "bin/other"), ("no_such_package", "bin/server"), ("sys", "x")]
)
def test_what_is_not_there_is_none(name, relative):
    assert bundled_program(name, relative) is None
