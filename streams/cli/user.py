"""Who runs a command: the name that is kept with what it decides or changes."""

from __future__ import annotations

import getpass
import os

__all__ = ["acting_user"]


def acting_user() -> str:
    """Return the name of the user who runs the command, or the number where nothing gives it a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
