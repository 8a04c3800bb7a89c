"""Redirects of a dump, as merges.

Only ids that the catalogue holds are merged: they were given out, so they must go on to resolve. Ids that were
merged in Wikidata before anybody here could know them stay in the list in the work folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from streams.events.change import CatalogChange

if TYPE_CHECKING:
    from pathlib import Path

    from streams.catalog.store import CatalogStore

__all__ = ["AUTHOR", "merge_redirects"]

AUTHOR: Final = "wikidata"
"""Author of the merges in the change stream."""


def merge_redirects(store: CatalogStore, path: Path) -> int:
    """Merge the ids that the catalogue holds and the dump redirects; return how many were.

    Args:
        store: The store, with the dump's entities.
        path: The redirects, as JSON lines.

    Raises:
        ConflictError: Others keep changing the catalogue; trying again may help.
        StoreUnavailableError: Redis cannot be reached just now.
    """
    merged = 0
    with path.open("rb") as file:
        for line in file:
            redirect = orjson.loads(line)
            gone, into = store.record(redirect["id"]), store.get(redirect["redirect"])
            if gone is None or gone.redirect is not None or into is None or into.id == gone.id:
                continue
            target = store.record(into.id)
            if target is None or target.live is None:
                continue
            store.apply(CatalogChange("merge", gone.id, into=into.id, author=AUTHOR, reason="redirects so in the dump"))
            merged += 1
    return merged
