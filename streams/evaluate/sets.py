"""The sets of texts that weights are learnt from and measured on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.catalog.load import load_view
from streams.catalog.starter import starter_path
from streams.evaluate.gold import read_gold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.catalog.view import CatalogView
    from streams.evaluate.gold import GoldDocument

__all__ = ["HELD_OUT", "OWN", "SHARED", "SetPlan", "TextSet", "load_sets"]


@dataclass(frozen=True, slots=True)
class SetPlan:
    """A set as it is planned.

    Attributes:
        name: Its name in results.
        gold: Gold file, relative to its folder.
        catalog: Catalogue file, relative to its folder; None is the starter catalogue.
        weight: Of its mean loss in the objective.
        is_partial: Whether one mention of each text is marked, and any other name there is left unmarked.
        sample: Use only so many documents; None is all.
    """

    name: str
    gold: str
    catalog: str | None
    weight: float
    is_partial: bool = False
    sample: int | None = None


SHARED: Final = (
    SetPlan("msnbc-updated", "dev/msnbc-updated.jsonl", "catalogs/english.jsonl.gz", 1.0),
    SetPlan("oke-2015-eval", "dev/oke-2015-eval.jsonl", "catalogs/english.jsonl.gz", 1.0),
    SetPlan("derczynski", "dev/derczynski.jsonl", "catalogs/english.jsonl.gz", 1.0),
    SetPlan("reuters-128-a", "dev/reuters-128-a.jsonl", "catalogs/english.jsonl.gz", 1.0),
    SetPlan("news", "news/dev.jsonl", "news/catalog.jsonl", 0.7),
    SetPlan("xct-ar", "xct/dev-ar.jsonl", "catalogs/multilingual.jsonl.gz", 0.5, is_partial=True, sample=600),
    SetPlan("xct-de", "xct/dev-de.jsonl", "catalogs/multilingual.jsonl.gz", 0.5, is_partial=True, sample=600),
    SetPlan("xct-ja", "xct/dev-ja.jsonl", "catalogs/multilingual.jsonl.gz", 0.5, is_partial=True, sample=600),
)
"""In the optional data folder."""
OWN: Final = (
    SetPlan("own", "dev.jsonl", None, 1.0),
    SetPlan("traps", "traps-dev.jsonl", None, 0.2),
)
"""In ``tests/gold``; what is held out there is not among them."""
HELD_OUT: Final = (
    SetPlan("held-out", "held-out.jsonl", None, 0.0),
    SetPlan("held-out-b", "held-out-b.jsonl", None, 0.0),
    SetPlan("held-out-c", "held-out-c.jsonl", None, 0.0),
    SetPlan("held-out-d", "held-out-d.jsonl", None, 0.0),
    SetPlan("traps-held-out", "traps-held-out.jsonl", None, 0.0),
)
"""In ``tests/gold``: nothing is learnt from it."""


@dataclass(frozen=True, slots=True)
class TextSet:
    """A set, loaded.

    Attributes:
        plan: What was planned.
        documents: Its documents, or the sample of them, in a fixed order.
        view: The catalogue to link them with.
    """

    plan: SetPlan
    documents: tuple[GoldDocument, ...]
    view: CatalogView

    def split(self, folds: int) -> list[tuple[tuple[GoldDocument, ...], tuple[GoldDocument, ...]]]:
        """Return ``folds`` pairs of documents to learn from and documents to measure on.

        Every document is measured on once. Of a partial set, texts about the same entity stay together.
        """
        keys = {self._key(document) for document in self.documents}
        place = {key: at % folds for at, key in enumerate(sorted(keys, key=_shuffled))}
        return [
            (
                tuple(document for document in self.documents if place[self._key(document)] != fold),
                tuple(document for document in self.documents if place[self._key(document)] == fold),
            )
            for fold in range(folds)
        ]

    def _key(self, document: GoldDocument) -> str:
        if self.plan.is_partial and len(document.mentions) > 0:
            return str(document.mentions[0].entity_id)
        return document.id


def load_sets(plans: Sequence[tuple[SetPlan, Path]]) -> list[TextSet]:
    """Load sets; each catalogue is loaded once.

    Args:
        plans: Each with the folder that its files are in. Sets whose file is not there are left out.

    Raises:
        InputError: A gold file breaks a rule.
        EntityError: A catalogue file does.
    """
    views: dict[Path, CatalogView] = {}
    loaded = []
    for plan, folder in plans:
        path = folder / plan.gold
        if not path.is_file():
            continue
        catalog = starter_path() if plan.catalog is None else folder / plan.catalog
        if catalog not in views:
            views[catalog] = load_view([catalog])
        documents = read_gold(path)
        if plan.sample is not None:
            documents = sorted(documents, key=lambda document: _shuffled(document.id))[: plan.sample]
        loaded.append(TextSet(plan, tuple(documents), views[catalog]))
    return loaded


def _shuffled(key: str) -> bytes:
    """Order by this is random to look at, and the same everywhere."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
