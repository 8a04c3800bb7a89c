"""Compiled or interpreted: which form of the linker this process runs, and why.

The modules of linking are typed Python that mypyc can compile ahead of time. What it compiled stands in the folder
``streams/_native``, out of the import system's sight, beside a list of the sources that it was made from. `install`
puts a finder before all others, which takes a compiled module only if every one of those sources is still, byte for
byte, what was compiled: compiled code that is older than its source is never run. Both forms give the same bytes.

``python -X wasl-interpreted`` runs the source whatever there is; the tests compare the two by it. ``wasl --version``
says which form runs.
"""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from dataclasses import dataclass
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

__all__ = ["FOLDER", "OPTION", "Form", "digest", "form", "install", "manifest_path"]

OPTION: Final = "wasl-interpreted"
"""The ``-X`` option that keeps the compiled modules away."""

FOLDER: Final = "_native"
"""Where they stand, in the folder of the package."""

_PACKAGE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Form:
    """Which form of the linker runs.

    Attributes:
        compiled: Whether it is the compiled one.
        why: Why it is not, in words; empty where it is.
    """

    compiled: bool
    why: str

    def __str__(self) -> str:
        return "compiled" if self.compiled else f"interpreted: {self.why}"


def manifest_path(package: Path = _PACKAGE) -> Path:
    """Return where the list of compiled modules and their sources stands, for this kind of interpreter."""
    return package / FOLDER / f"native{_suffix()}.json"


def digest(data: bytes) -> str:
    """Return the digest by which a source is recognised."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class _Finder:
    """Finds compiled modules, once their sources have been looked at."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._form: Form | None = None
        self._manifest: dict[str, dict[str, str]] | None = None

    def form(self) -> Form:
        if self._form is None:
            self._form = self._look()
        return self._form

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a compiled module; None for every other, which the next finder finds."""
        del path, target
        if not (name.startswith("streams.") or name.endswith("__mypyc")):
            return None
        file = self._listed("modules").get(name)
        if file is None or not self.form().compiled:
            return None
        at = str(self._package / FOLDER / file)
        return spec_from_file_location(name, at, loader=ExtensionFileLoader(name, at))

    def _listed(self, what: str) -> dict[str, str]:
        if self._manifest is None:
            path = manifest_path(self._package)
            self._manifest = json.loads(path.read_bytes()) if path.is_file() else {}
        return self._manifest.get(what, {})

    def _look(self) -> Form:
        if OPTION in sys._xoptions:  # noqa: SLF001 - what the documentation of -X says to read
            return Form(compiled=False, why=f"asked for by -X {OPTION}")
        sources = self._listed("sources")
        if len(sources) == 0:
            return Form(compiled=False, why=f"nothing is compiled for this Python ({_suffix().strip('.')})")
        for source, expected in sources.items():
            path = self._package / source
            if not path.is_file() or digest(path.read_bytes()) != expected:
                return Form(compiled=False, why=f"{source} was changed after it was compiled; `make compile` helps")
        return Form(compiled=True, why="")


_FINDER: Final = _Finder(_PACKAGE)


def install() -> None:
    """Let compiled modules be found from now on."""
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)


def form() -> Form:
    """Return which form of the linker this process runs."""
    return _FINDER.form()


def _suffix() -> str:
    suffix: str = sysconfig.get_config_var("EXT_SUFFIX")
    return suffix.rpartition(".")[0]
