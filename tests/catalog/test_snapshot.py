"""Compiled catalogues as views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.catalog import snapshot as snapshot_module
from streams.catalog.compile import MOST_SEEN, Compiler, compile_snapshot
from streams.catalog.names import forms_of, is_indexed
from streams.catalog.records import EMPTY_SUM, Record, change_sum, version_name
from streams.catalog.snapshot import SnapshotView, keep, open_snapshot, view_of
from streams.catalog.view import Posting
from streams.errors import SnapshotError
from streams.events.entity import Alias, Entity
from streams.linking.fold import fold_text, surface_hash
from tests.catalog.seen import occurrences
from tests.catalog.strategies import NAMES, catalogues, patient, texts

if TYPE_CHECKING:
    from pathlib import Path

NVIDIA = Entity(
    "Q182477",
    "organization",
    {"en": "Nvidia", "ar": "إنفيديا"},
    {"en": (Alias("NVIDIA", 3), Alias("Nvidia", 2))},
    description="chips",
    prior=0.9,
    related=("Q1", "Q2", "Q182477"),
    external_ids={"ticker": "NVDA", "lei": ("A", "B")},
)


def _naive(entities: list[Entity], text: str) -> list[tuple[int, int, str]]:
    forms = {use.form for entity in entities for use in forms_of(entity)}
    return sorted(
        (start, start + len(form), form) for form in forms for start in range(len(text)) if text.startswith(form, start)
    )


@given(catalogues(), st.lists(texts, min_size=1, max_size=3))
@patient
def test_forms_are_found_where_a_naive_search_finds_them(entities: list[Entity], some: list[str]) -> None:
    view = view_of(Record(entity.id, entity) for entity in entities)
    forms = {view.form(form): form for form in {use.form for entity in entities for use in forms_of(entity)}}
    assert None not in forms
    for text in map(fold_text, [*some, " ".join(NAMES)]):
        assert sorted((start, end, forms[form]) for start, end, form in occurrences(view, text)) == _naive(
            entities, text
        )


@given(catalogues(), st.randoms(use_true_random=False))
@patient
def test_equal_records_give_equal_bytes_in_any_order(entities: list[Entity], random: object) -> None:
    records = [Record(entity.id, entity) for entity in entities]
    once = compile_snapshot(records)
    random.shuffle(records)  # type: ignore[attr-defined]
    again = compile_snapshot(records)
    assert once == again
    assert once.header.version == version_name(change_sum(EMPTY_SUM, come=records))


@given(catalogues(), catalogues(), st.randoms(use_true_random=False))
@patient
def test_what_was_replaced_while_it_came_leaves_no_trace(
    first: list[Entity], then: list[Entity], random: object
) -> None:
    some = [Record(entity.id, entity, retired=entity.prior is None) for entity in first]
    # What stood under an id may be another entity, a retired one or a redirect.
    others = [Record(entity.id, entity) for entity in then]
    others += [Record(record.id, redirect=then[0].id) for record in some if len(then) > 0 and record.id != then[0].id]
    random.shuffle(others)  # type: ignore[attr-defined]
    compiler = Compiler()
    for record in [*some, *others]:
        compiler.add(record)
    last = {record.id: record for record in [*some, *others]}
    targets = {record.redirect for record in last.values()} - {None}
    if all(target in last and last[target].entity is not None for target in targets):
        assert compiler.version == version_name(change_sum(EMPTY_SUM, come=last.values()))
        assert compiler.finish(sequence=3) == compile_snapshot(last.values(), sequence=3)


@given(catalogues())
@patient
def test_records_come_back_as_they_were(entities: list[Entity]) -> None:
    records = [Record(entity.id, entity, retired=entity.prior is None) for entity in entities]
    if len(records) > 0:
        records.append(Record("Q999", redirect=records[0].id))
    view = view_of(records)
    assert sorted(view.records(), key=lambda record: record.id) == sorted(records, key=lambda record: record.id)
    assert view.redirects() == {record.id: record.redirect for record in records if record.redirect is not None}


def test_postings_say_who_goes_by_a_form() -> None:
    view = view_of([Record(NVIDIA.id, NVIDIA)])
    form = view.form("nvidia")
    assert form is not None
    assert set(view.postings(form)) == {
        Posting(0, surface_hash("NVIDIA"), 3, is_label=False, language="en"),
        Posting(0, surface_hash("Nvidia"), 2, is_label=True, language="en"),
    }
    assert view.postings(form) is view.postings(form)


def test_a_card_tells_what_is_known() -> None:
    view = view_of([Record(NVIDIA.id, NVIDIA), Record("Q7", NVIDIA_RIVAL), Record("Q1", redirect="Q7")])
    number = view.entity("Q182477")
    assert number is not None
    card = view.card(number)
    assert (card.entity_id, card.type, card.prior, card.description) == ("Q182477", "organization", 0.9, "chips")
    assert card.labels == {"en": "Nvidia", "ar": "إنفيديا"}
    assert card.external_ids == {"ticker": "NVDA", "lei": ("A", "B")}
    # Q1 was merged, Q2 is unknown, and nobody is a neighbour of its own.
    assert card.related == {"Q7", "Q2"}


NVIDIA_RIVAL = Entity("Q7", "organization", {"en": "AMD"})


def test_old_ids_resolve_and_unknown_ones_do_not() -> None:
    view = view_of([Record("Q7", NVIDIA_RIVAL), Record("Q1", redirect="Q7")])
    assert view.entity("Q1") == view.entity("Q7") is not None
    for unknown in ("Q2", "", "Q77", "\ud800"):
        assert view.entity(unknown) is None
    assert view.record("Q2") is None


def test_a_retired_entity_has_a_card_and_is_not_found() -> None:
    view = view_of([Record("Q7", NVIDIA_RIVAL, retired=True)])
    number = view.entity("Q7")
    assert number is not None
    assert view.card(number).labels == {"en": "AMD"}
    assert view.form("amd") is None
    assert occurrences(view, "amd") == []


def test_an_empty_catalogue_is_a_catalogue() -> None:
    view = view_of([])
    assert occurrences(view, "anything") == []
    assert view.form("anything") is view.form("") is view.entity("Q1") is None
    assert list(view.records()) == []
    assert view.version == version_name(EMPTY_SUM)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("", False),
        ("x", False),
        ("7", False),
        ("و", False),
        ("日", True),
        ("한", True),
        ("𠀀", True),
        ("😀", False),
        ("ab", True),
    ],
)
def test_one_letter_is_no_name_unless_it_is_a_word(form: str, expected: bool) -> None:
    assert is_indexed(form) is expected


def test_counts_are_capped_to_their_column() -> None:
    view = view_of([Record("Q1", Entity("Q1", "other", {}, {"en": (Alias("name", 2**53),)}))])
    form = view.form("name")
    assert form is not None
    assert view.postings(form)[0].count == MOST_SEEN


def test_a_redirect_to_nothing_cannot_be_compiled() -> None:
    with pytest.raises(SnapshotError, match="Q1 redirects to Q2, which is no entity"):
        view_of([Record("Q1", redirect="Q2")])


def test_a_cache_forgets_what_it_has_held_longest() -> None:
    cache: dict[int, str] = {}
    for number in range(5):
        assert keep(cache, number, str(number), most=3) == str(number)
    assert list(cache) == [2, 3, 4]


def test_the_caches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_module, "_CARDS_KEPT", 2)
    view = view_of(Record(f"Q{n}", Entity(f"Q{n}", "person", {"en": f"Name {n}"})) for n in range(1, 6))
    cards = [view.card(number) for number in range(5)]
    assert [view.card(number) for number in range(5)] == cards
    assert len(view._cards) == 2


def test_a_file_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "one.snapshot"
    path.write_bytes(b"".join(compile_snapshot([Record(NVIDIA.id, NVIDIA)], sequence=7).pieces))
    view = open_snapshot(path)
    assert (view.header.sequence, view.header.entities, view.header.forms) == (7, 1, 3)
    path.unlink()
    assert view.entity("Q182477") == 0


@pytest.mark.parametrize("content", [None, b"", b"short", b"x" * 100])
def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.snapshot"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"bad\.snapshot"):
        open_snapshot(path)


def test_every_flipped_or_missing_byte_is_noticed() -> None:
    records = [Record("Q7", Entity("Q7", "person", {"en": "xyz"})), Record("Q1", redirect="Q7")]
    data = b"".join(compile_snapshot(records).pieces)
    assert SnapshotView(memoryview(data)).form("xyz") == 0
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 1
        with pytest.raises(SnapshotError):
            SnapshotView(memoryview(bytes(damaged)))
        if at % 7 == 0:
            with pytest.raises(SnapshotError):
                SnapshotView(memoryview(data[:at]))
