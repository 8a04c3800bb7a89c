from __future__ import annotations

from streams.cli.tally import FoundEntity, UnlinkedSurface, entity_table, tally_entities, tally_unlinked, unlinked_table
from streams.events.enriched import LinkedEntity, Mention


def linked(entity_id: str, count: int, **labels: str) -> LinkedEntity:
    return LinkedEntity(entity_id, "organization", labels.get("ar", "?"), 0.5, count, {}, labels)


def named(surface: str, entity_id: str | None = None) -> Mention:
    return Mention("body", 0, len(surface), surface, "person", entity_id, 0.5)


def test_entities_are_counted_over_articles_and_the_most_mentioned_come_first() -> None:
    counted = tally_entities([[linked("Q2", 1, en="B"), linked("Q1", 1, ar="أ")], [linked("Q1", 2, en="A")], []])
    assert counted == [
        FoundEntity("Q1", "organization", {"ar": "أ", "en": "A"}, "أ", mentions=3, articles=2),
        FoundEntity("Q2", "organization", {"en": "B"}, "?", mentions=1, articles=1),
    ]
    assert counted[0].names() == "A / أ"


def test_an_entity_without_labels_goes_by_its_name() -> None:
    assert FoundEntity("Q1", "other", {}, "N", 1, 1).names() == "N"


def test_unlinked_names_are_counted_by_surface_and_linked_ones_are_not() -> None:
    counted = tally_unlinked([[named("x"), named("y"), named("x")], [named("y"), named("y"), named("z", "Q1")]])
    assert counted == [UnlinkedSurface("y", "person", 3, 2), UnlinkedSurface("x", "person", 2, 1)]


def test_tables_hold_every_row_and_say_when_there_is_none() -> None:
    table = entity_table(tally_entities([[linked("Q1", 12, en="A", ar="أ")]]), title="Entities")
    assert [line.split() for line in table.splitlines() if "Q1" in line] == [
        ["\u2068A", "/", "أ\u2069", "organization", "Q1", "12", "1"]
    ]
    assert table.startswith("Entities\n")
    assert entity_table([]) == "No entity was found.\n"
    assert unlinked_table([]) == ""
    assert "سيدي" in unlinked_table([UnlinkedSurface("سيدي", "person", 1, 1)])
