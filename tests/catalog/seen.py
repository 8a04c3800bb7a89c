"""A view as linking sees it, without the numbers, so that two views can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from librt.vecs import vec
from mypy_extensions import i64

from streams.linking.fold import fold_text
from streams.linking.trie import END_BITS, FORM, Trie
from tests.catalog.strategies import IDS, NAMES

if TYPE_CHECKING:
    from streams.catalog.view import CatalogView

_Use = tuple[str, int, int, bool, str]


def uses(view: CatalogView, form: int) -> list[_Use]:
    """Who goes by a form, in the view's order."""
    return [
        (view.card(p.entity).entity_id, p.surface_hash, p.count, p.is_label, p.language) for p in view.postings(form)
    ]


def occurrences(view: CatalogView, folded: str) -> list[tuple[int, int, int]]:
    """Every occurrence of every form in a text, as start, end and form: wherever in a word it begins."""
    return [
        (start, found >> END_BITS, found & FORM)
        for trie in map(Trie, view.automata)
        for start in range(len(folded))
        for found in trie.follow(folded, start, ord(folded[start]), vec[i64]())
    ]


def scanned(view: CatalogView, text: str) -> list[tuple[int, int, list[_Use]]]:
    """What stands in a text, without forms that nobody goes by any more."""
    folded = fold_text(text)
    found = [(start, end, uses(view, form)) for start, end, form in occurrences(view, folded)]
    return sorted(hit for hit in found if len(hit[2]) > 0)


def seen(view: CatalogView, texts: list[str]) -> dict[str, object]:
    """Everything that can be seen of a small view."""
    shown: dict[str, object] = {"version": view.version}
    for text in texts:
        shown[f"scan {text}"] = scanned(view, text)
    for name in NAMES:
        form = view.form(fold_text(name))
        shown[f"form {name}"] = [] if form is None else uses(view, form)
    for entity_id in IDS:
        number = view.entity(entity_id)
        shown[entity_id] = None if number is None else view.card(number)
    return shown
