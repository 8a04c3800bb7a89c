"""The folders in which embedded servers keep their data and logs, and what is said where they cannot be used."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from streams.errors import EmbeddedServerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["make_folder", "unusable_told"]


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing.

    Raises:
        EmbeddedServerError: It cannot be made.
    """
    with unusable_told(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def unusable_told(path: Path, what: Literal["made", "read", "written"]) -> Iterator[None]:
    """Say of a file or folder that it cannot be used.

    Args:
        path: The file or folder.
        what: What is done with it.

    Raises:
        EmbeddedServerError: The system refused it.
    """
    try:
        yield
    except OSError as exc:
        raise EmbeddedServerError(
            f"{path} cannot be {what}: {exc.strerror}.",
            remedy="Set WASL_HOME to a folder that you may read and write.",
        ) from exc
