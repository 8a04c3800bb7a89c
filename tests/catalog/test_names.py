"""Names, and how the names of two become one's."""

from __future__ import annotations

from hypothesis import given

from streams.catalog.names import FormUse, Name, folded_names, forms_of, names_of, unite
from streams.catalog.records import Record
from streams.events.entity import Alias, Entity
from streams.linking.fold import surface_hash
from streams.linking.variants import is_variant
from tests.catalog.strategies import entities, patient


def test_names_are_labels_first() -> None:
    entity = Entity("Q1", "other", {"en": "A", "ar": "ب"}, {"en": (Alias("AA", 2), Alias("AAA"))})
    assert names_of(entity) == [
        Name("A", "en", 0, True),
        Name("ب", "ar", 0, True),
        Name("AA", "en", 2, False),
        Name("AAA", "en", 0, False),
    ]


def test_one_spelling_in_one_language_is_one_use() -> None:
    entity = Entity("Q1", "other", {"en": "Ab", "de": "Ab"}, {"en": (Alias("Ab", 2), Alias("AB", 1), Alias("Ab", 3))})
    assert forms_of(entity) == sorted(
        [
            FormUse("ab", surface_hash("Ab"), "en", 5, True),
            FormUse("ab", surface_hash("Ab"), "de", 0, True),
            FormUse("ab", surface_hash("AB"), "en", 1, False),
        ]
    )


def test_a_company_has_its_legal_form_abbreviated_too() -> None:
    company = Entity("Q1", "organization", {"en": "Arden Motor Company"}, {"en": (Alias("Arden Limited", 2),)})
    assert {(use.form, use.seen, use.is_label) for use in forms_of(company) if not is_variant(use.form)} == {
        ("arden motor company", 0, True),
        ("arden motor co", 0, False),
        ("arden limited", 2, False),
        ("arden ltd", 0, False),
    }
    work, word = Entity("Q1", "work", {"en": "Good Company"}), Entity("Q1", "organization", {"en": "Company"})
    assert [use.form for use in forms_of(work)] == ["good company"]
    assert [use.form for use in forms_of(word) if not is_variant(use.form)] == ["company"]


def test_a_name_with_a_capital_in_it_is_found_with_a_space_too_and_a_label_keeps_its_possessive() -> None:
    def forms(type_: str, name: str) -> set[str]:
        return {use.form for use in forms_of(Entity("Q1", type_, {"en": name}, {})) if not use.form.startswith(" ")}

    assert forms("organization", "OpenArden") == {"openarden", "open arden"}
    assert forms("product", "VoltGPT") == {"voltgpt", "volt gpt"}
    assert forms("person", "McArden") == {"mcarden"}
    assert forms("organization", "Arden's") == {"arden", "arden's"}
    assert forms("place", "Arden's") == {"arden"}


def test_a_name_is_a_label_where_the_label_adds_an_abbreviation_behind_a_comma() -> None:
    def is_label(label: str) -> bool:
        names = Entity("Q1", "place", {"en": label}, {"en": (Alias("Arden"),), "de": (Alias("Arden"),)})
        told = {(use.form, use.language): use.is_label for use in forms_of(names)}
        assert told["arden", "de"] is False
        return told["arden", "en"]

    assert is_label("Arden, D.C.")
    assert is_label("Arden, Inc.")
    assert not is_label("Arden, Texas")
    assert not is_label("Tilbrook, D.C.")


def test_a_store_finds_single_letters_too_but_not_what_folds_to_nothing() -> None:
    entity = Entity("Q1", "other", {"en": "X", "ar": "ـ"})
    assert folded_names(Record("Q1", entity)) == {"x"}
    assert folded_names(Record("Q1", entity, retired=True)) == folded_names(None) == frozenset()
    assert forms_of(entity) == []


@given(entities(), entities())
@patient
def test_no_name_is_lost(first: Entity, second: Entity) -> None:
    united = unite(first, second, counts=max)
    for entity in (first, second):
        assert folded_names(Record(entity.id, entity)) <= folded_names(Record(united.id, united))
        assert {(name.text, name.language) for name in names_of(entity)} <= {
            (name.text, name.language) for name in names_of(united)
        } or any("\u0303" in name.text for name in names_of(entity))
    assert united.id == first.id
    assert first.labels.items() <= united.labels.items()
    assert not {first.id, second.id} & set(united.related)


@given(entities())
@patient
def test_uniting_with_itself_keeps_every_name_and_count(entity: Entity) -> None:
    united = unite(entity, entity, counts=max)
    assert united.labels == entity.labels
    assert united.external_ids == entity.external_ids
    assert {use[:3] for use in forms_of(united)} == {use[:3] for use in forms_of(entity)}
