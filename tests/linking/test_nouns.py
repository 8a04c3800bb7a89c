"""Names of German that nobody catalogued, among nouns that have capitals too: text, and the names reported."""

from __future__ import annotations

import pytest

from tests.linking.world import compiled, entity, link, unlinked

_WORLD = [entity("Q1", "place", "Arden", prior=0.5)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Am Montag hat der Vorstand die Prognose gesenkt", []),
        ("Der Umsatz stieg auf drei Milliarden Euro, Ende Juni um vier Prozent", []),
        ("Die Analysten der Bank und Kunden von Firmen", []),
        ("Gestern Abend kamen Zuschauer", []),
        ("so sagte Finanzchefin Petra Fenwick", ["Petra Fenwick"]),
        ("so sagte Petra von der Fenwick", ["Petra von der Fenwick"]),
        ("so sagte der Chef von Quillon dem Gericht", []),
        ("so reiste Kanzler Fenwick ab", ["Fenwick"]),
        ("so baut die Quillon Werke GmbH Hallen", ["Quillon Werke GmbH"]),
        ("so prüfen BKA und BioQuill die CO2-Werte", ["BKA", "BioQuill"]),
        ("so fuhr die Deutsche Quillon durch Arden", ["Deutsche Quillon"]),
        ("so schwieg Fenwick, und Orla Fenwick ging", ["Fenwick", "Orla Fenwick"]),
        ("Petra Fenwick ging", ["Petra Fenwick"]),
    ],
)
def test_nouns_are_no_names(text: str, names: list[str]) -> None:
    assert unlinked(link(compiled(_WORLD), text, language="de")) == names


def test_where_a_name_stands_is_true() -> None:
    text = "So kamen Gäste der Finanzchefin Petra von der Fenwick und des BKA aus Arden."
    links = link(compiled(_WORLD), text, language="de")
    assert [(m.surface, m.entity_id) for m in links.mentions] == [
        ("Petra von der Fenwick", None),
        ("BKA", None),
        ("Arden", "Q1"),
    ]
    assert all(text[m.start : m.end] == m.surface for m in links.mentions)


def test_elsewhere_a_capital_tells() -> None:
    assert unlinked(link(compiled(_WORLD), "They saw Umsatz", language="en")) == ["Umsatz"]
