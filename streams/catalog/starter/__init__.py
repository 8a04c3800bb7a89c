"""The catalogue that comes with the package: enough to see links at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from streams.catalog.sources.jsonl import read_entities

if TYPE_CHECKING:
    from streams.events.entity import Entity

__all__ = ["read_starter", "starter_path"]


def starter_path() -> Path:
    """Return where the starter catalogue lies, in the format of every other catalogue file."""
    return Path(str(files("streams.catalog.starter") / "catalog.jsonl"))


def read_starter() -> list[Entity]:
    """Return the entities of the starter catalogue.

    Raises:
        InputError: The package was installed without it.
    """
    return list(read_entities(starter_path()))
