from __future__ import annotations

from streams.catalog.diff import Difference, diff_records, difference_document
from streams.catalog.marks import Marks
from streams.catalog.records import Record
from streams.events.entity import Alias, Entity


def _record(entity_id: str, name: str = "Name", **options: object) -> Record:
    return Record(entity_id, Entity(entity_id, "person", {"en": name}), **options)  # type: ignore[arg-type]


def test_every_kind_of_difference() -> None:
    old = [_record("Q1"), _record("Q2"), _record("Q3"), _record("Q4", retired=True), _record("Q5"), _record("Q6")]
    new = [
        _record("Q2", "Other"),
        _record("Q3", retired=True),
        _record("Q4"),
        Record("Q5", redirect="Q2"),
        _record("Q6"),
        _record("Q7"),
    ]
    assert list(diff_records(old, new)) == [
        Difference("Q1", "removed", names_removed=(("en", "Name"),)),
        Difference("Q2", "changed", (("en", "Other"),), (("en", "Name"),), ("labels",)),
        Difference("Q3", "retired"),
        Difference("Q4", "restored"),
        Difference("Q5", "merged", names_removed=(("en", "Name"),), into="Q2"),
        Difference("Q7", "added", (("en", "Name"),)),
    ]
    assert list(diff_records(old, old)) == list(diff_records([], [])) == []


def test_what_else_changed_is_named() -> None:
    old = Record("Q1", Entity("Q1", "person", {"en": "a b"}, {"en": (Alias("c"),)}, prior=0.1))
    new = Record("Q1", Entity("Q1", "place", {"en": "a b"}, {"en": (Alias("c", 3),)}), marks=Marks(blocked=("c",)))
    [difference] = diff_records([old], [new])
    assert difference.fields == ("aliases", "prior", "type", "marks")
    assert difference_document(difference) == {
        "id": "Q1",
        "kind": "changed",
        "names_added": [],
        "names_removed": [],
        "fields": ["aliases", "prior", "type", "marks"],
        "into": None,
    }
