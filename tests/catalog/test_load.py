"""Catalogue files straight into a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.catalog.load import load_view, unite_all
from streams.events.entity import Alias, Entity, encode_entity
from tests.catalog.seen import scanned

if TYPE_CHECKING:
    from pathlib import Path


def test_later_files_win_and_names_are_united(tmp_path: Path) -> None:
    first = Entity(
        "Q1", "person", {"en": "Old", "fr": "Vieux"}, {"en": (Alias("nick", 3),)}, description="old", prior=0.5
    )
    second = Entity("Q1", "place", {"en": "New"}, {"en": (Alias("nick", 2),)}, description="new")
    paths = []
    for number, entity in enumerate([first, second]):
        paths.append(tmp_path / f"{number}.jsonl")
        paths[-1].write_bytes(encode_entity(entity))
    view = load_view(paths)
    number = view.entity("Q1")
    assert number is not None
    card = view.card(number)
    assert (card.type, card.labels, card.description, card.prior) == (
        "place",
        {"en": "New", "fr": "Vieux"},
        "new",
        0.5,
    )
    assert [hit[:2] for hit in scanned(view, "old new nick vieux")] == [(0, 3), (4, 7), (8, 12), (13, 18)]
    # Not 5: both files may have counted the same texts.
    assert scanned(view, "nick")[0][2][0][2] == 3


def test_the_order_of_lines_does_not_matter() -> None:
    entities = [Entity(f"Q{n}", "person", {"en": f"N{n}"}) for n in (2, 1)]
    assert unite_all(entities) == unite_all(entities[::-1])


def test_a_large_catalogue_is_loaded(shared_dir: Path) -> None:
    view = load_view([shared_dir / "data/linking/catalogs/multilingual.jsonl.gz"])
    assert view.header.entities == 10_126
    assert view.header.postings > 20_000
