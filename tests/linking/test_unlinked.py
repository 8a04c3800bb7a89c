from __future__ import annotations

import pytest

from tests.linking.world import compiled, entity, link, unlinked

_WORLD = [entity("Q1", "person", "Tim Cook", prior=0.6), entity("Q2", "place", "Arden", prior=0.5)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Orla Fenwick met Tim Cook in Arden", ["Orla Fenwick"]),
        ("Fenwick came. But then Orla Fenwick and they went", ["Fenwick", "Orla Fenwick"]),
        ("Reporters came", []),
        ("They saw Fenwick", ["Fenwick"]),
        ("They saw Xi and Ng", ["Xi and Ng"]),
        ("They saw It", []),
        ("see https://Fenwick.org/Orla or Orla@Fenwick.org", []),
        ("of Arden Orla and more", []),
        ("so Physicist Brenda Fenwick left", ["Brenda Fenwick"]),
        ("so Chief Executive Brenda van Fenwick left", ["Brenda van Fenwick"]),
        ("so President Fenwick left", ["President Fenwick"]),
        ("so President Brenda left", ["President Brenda"]),
        ("so King Edward Fenwick left", ["King Edward Fenwick"]),
        ("so Director of Quillon Labs left", ["Director of Quillon Labs"]),
        ("so General Quillon Corp left", ["General Quillon Corp"]),
        ("die Physikerin und Physikerin Brénda Fenwick", ["Brénda Fenwick"]),
    ],
)
def test_what_is_a_name_and_links_to_nothing(text: str, names: list[str]) -> None:
    assert unlinked(link(compiled(_WORLD), text)) == names


def test_turkish_months_are_none() -> None:
    assert unlinked(link(compiled(_WORLD), "burada 23 Nisan günü Fenwick konuştu", language="tr")) == ["Fenwick"]
    assert unlinked(link(compiled(_WORLD), "they saw Nisan there", language="en")) == ["Nisan"]


def test_equal_names_are_one_by_their_first_mention() -> None:
    text = "They saw Orla Fenwick, " + "x" * 100 + " and ORLA FENWICK, and then Bram Tosk"
    links = link(compiled(_WORLD), text, title="When Órla Fenwick slept")
    assert [(found.name_key, found.name, found.mention_count, found.field) for found in links.unlinked] == [
        ("orla fenwick", "Órla Fenwick", 3, "title"),
        ("bram tosk", "Bram Tosk", 1, "body"),
    ]
    assert links.unlinked[0].context == "When Órla Fenwick slept"
    assert len(links.unlinked[1].context) <= 60 + len("Bram Tosk") + 60


def test_a_name_of_several_words_is_surer_than_one() -> None:
    confidence = {m.surface: m.confidence for m in link(compiled([]), "so Orla Fenwick met Tosk").mentions}
    assert confidence["Orla Fenwick"] > confidence["Tosk"]
