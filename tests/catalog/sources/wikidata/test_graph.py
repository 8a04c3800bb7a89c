"""Types by the classes above."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest

from streams.catalog.sources.wikidata.classes import HIDDEN, NEWSWORTHY, ROOTS
from streams.catalog.sources.wikidata.graph import ClassGraph
from streams.errors import InputError
from streams.events.types import ENTITY_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HUMAN, _COUNTRY, _BUSINESS, _FILM, _DISAMBIGUATION = 5, 6256, 4830453, 11424, 4167410
# Invented classes, far outside of Wikidata's ids.
_A, _B, _C, _D = range(900_000_000_001, 900_000_000_005)


@pytest.fixture
def graph(tmp_path: Path) -> Callable[..., ClassGraph]:
    made: list[ClassGraph] = []

    def make(*edges: tuple[int, int], roots: tuple[int, ...] = ()) -> ClassGraph:
        path = tmp_path / "classes.bin"
        path.write_bytes(array("Q", [number for edge in edges for number in edge]).tobytes())
        made.append(ClassGraph(path, tmp_path / "index", roots=frozenset(roots)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("edges", "classes", "expected"),
    [
        ((), [_HUMAN], "person"),
        ((), [], "other"),
        ((), [_A], "other"),
        (((_A, _BUSINESS),), [_A], "organization"),
        (((_A, _B), (_B, _C), (_C, _COUNTRY)), [_A], "place"),
        # The nearest decides, in whichever order they come.
        (((_A, _COUNTRY), (_A, _B), (_B, _BUSINESS)), [_A], "place"),
        (((_A, _B), (_B, _BUSINESS)), [_A, _FILM], "work"),
        # Persons first among equals.
        ((), [_FILM, _BUSINESS, _HUMAN], "person"),
        (((_A, _BUSINESS), (_A, _FILM)), [_A], "organization"),
        # Loops end, and so do the same pairs twice.
        (((_A, _B), (_B, _A), (_A, _B)), [_A], "other"),
        (((_A, _B), (_B, _A), (_B, _COUNTRY)), [_A], "place"),
        (((_A, _A),), [_A], "other"),
    ],
)
def test_the_nearest_class_decides(
    graph: Callable[..., ClassGraph], edges: tuple[tuple[int, int], ...], classes: list[int], expected: str
) -> None:
    assert graph(*edges).type_of(classes) == expected


def test_trees_are_followed_past_what_decides(graph: Callable[..., ClassGraph]) -> None:
    classes = graph((_A, _COUNTRY), (_COUNTRY, _B), (_B, _C), roots=(_C, _D))
    assert classes.verdict(_A).above == {_C}
    assert classes.verdict(_A).type == "place"
    assert classes.verdict(_D).above == {_D}


def test_pages_about_pages_are_known_by_the_classes_above(graph: Callable[..., ClassGraph]) -> None:
    classes = graph((_A, _B), (_B, _DISAMBIGUATION))
    assert classes.verdict(_A).is_hidden
    assert not classes.verdict(_C).is_hidden


def test_an_index_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "classes.bin").touch()
    with pytest.raises(InputError, match="cannot be written"):
        ClassGraph(tmp_path / "classes.bin", tmp_path / "no" / "folder")


def test_the_table_has_types_that_exist_and_hides_none_of_its_classes() -> None:
    assert {root.type for root in ROOTS.values()} == set(ENTITY_TYPES)
    assert set(ENTITY_TYPES) - NEWSWORTHY == {"other"}
    assert HIDDEN.keys() & ROOTS.keys() == set()
    assert all(root.source != "" and root.label != "" for root in ROOTS.values())
