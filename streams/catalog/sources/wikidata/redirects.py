"""Redirects of a dump, from the list in its work folder.

An import merges those whose ids the catalogue holds: they were given out, so they must go on to resolve. Ids that were
merged in Wikidata before anybody here could know them stay in the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["read_redirects"]


def read_redirects(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each id that redirects with the one that it redirects to, in the order of the dump.

    Args:
        path: The redirects, as JSON lines.
    """
    with path.open("rb") as file:
        for line in file:
            redirect = orjson.loads(line)
            yield redirect["id"], redirect["redirect"]
