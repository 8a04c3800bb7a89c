"""What stands in a name that nobody catalogued is no mention; the same name beside it is one."""

from __future__ import annotations

import pytest

from tests.linking.world import compiled, entity, link, linked

_WORLD = compiled(
    [
        entity("Q1", "place", "Arden", "أردينيا", prior=0.6),
        entity("Q2", "organization", "Quillon", "كويلون", prior=0.6),
        entity("Q3", "person", "Antony Vale", "أنتوني فالهايم", "فالهايم", "Vale", prior=0.6),
        entity("Q4", "product", "Sorrel", prior=0.6),
        entity("Q5", "organization", "Arden University", prior=0.6),
        entity("Q6", "place", "America", prior=0.6),
        entity("Q7", "organization", "Lockheed Martin", prior=0.6),
        entity("Q8", "product", "F-35", prior=0.6),
        entity("Q9", "place", "Charlotte", prior=0.6),
        entity("Q10", "person", "Mark Orrin", "مارك أورين", "Orrin", "أورين", prior=0.6),
    ]
)


@pytest.mark.parametrize(
    ("part", "name", "language"),
    [
        ("They flew with Arden Airways.", "They flew over Arden.", "en"),
        ("She reads the Arden Times.", "She lives in Arden.", "en"),
        ("He spoke at the University of Arden.", "He spoke at the border of Arden.", "en"),
        ("They left for South America.", "They left for America.", "en"),
        ("They met at the Quillon Stadium.", "They met at Quillon.", "en"),
        ("A letter by Brenda Vale came.", "A letter by Vale came.", "en"),
        ("So Brenda Sorrel said.", "So Sorrel said.", "en"),
        ("The former secretary Brenda Sorrel left.", "The former Sorrel left.", "en"),
        ("أعلنت أردينيا للطيران موعدا جديدا", "أعلنت أردينيا موعدا جديدا", "ar"),
        ("They put it into the Arden Investment Authority.", "They put it into Arden.", "en"),
        ("They put it into Arden Harbour Capital.", "They put it into Arden.", "en"),
        ("It flew there with Air Arden.", "It flew there over Arden.", "en"),
        ("They sailed on the Gulf of Arden.", "They sailed on the coast of Arden.", "en"),
        ("It came from the Quillon Foundation.", "It came from Quillon.", "en"),
        ("So the singer Arden Amberly left.", "So the singer left Arden.", "en"),
        ("So the actor Wilder Sorrel left.", "So the Sorrel left.", "en"),
        ("And his son Wilder Vale left.", "And his friend Vale left.", "en"),
        ("أعلنت أردينيا للطاقة موعدا جديدا", "أعلنت أردينيا موعدا جديدا", "ar"),
        ("قالت شركة أردينيا للكهرباء إن", "قالت دولة أردينيا إن", "ar"),
        ("ونشرت أردينيا تريبيون التقرير", "ونشرت أردينيا التقرير", "ar"),
        ("وارتفعت أسهم بورصة أردينيا أمس", "وارتفعت أسهم أردينيا أمس", "ar"),
        ("وأبحرت السفينة في بحر أردينيا أمس", "وأبحرت السفينة إلى أردينيا أمس", "ar"),
        ("قال باحثون في جامعة أردينيا إن", "قال باحثون في أردينيا إن", "ar"),
        ("قال باحثون وجامعة أردينيا إن", "قال باحثون وزارت أردينيا إن", "ar"),
        ("وكان إريك فالهايم هناك", "وكان فالهايم هناك", "ar"),
        ("So Quillon+ grew.", "So Quillon grew.", "en"),
        ("وقالت كويلون+ إنها نمت", "وقالت كويلون إنها نمت", "ar"),
        ("They sailed on the Arden River.", "They sailed on a river in Arden.", "en"),
        ("They signed the Arden Agreement.", "They signed the agreement in Arden.", "en"),
        ("وفاز الفريق بكأس أردينيا أمس", "وفاز الفريق في أردينيا أمس", "ar"),
        ("وقالت أردينيا القابضة إن", "وقالت أردينيا إن", "ar"),
        ("وكان إريك كويلون هناك", "وكانت كويلون هناك", "ar"),
    ],
)
def test_a_part_of_another_name_is_no_mention(part: str, name: str, language: str) -> None:
    assert linked(link(_WORLD, part, language=language)) == []
    assert len(linked(link(_WORLD, name, language=language))) == 1


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("He studied at Arden University.", "en", ["Arden University"]),
        ("They read Arden times tables.", "en", ["Arden"]),
        ("South Arden is cold.", "en", ["Arden"]),
        ("A letter by Antony Vale came.", "en", ["Antony Vale"]),
        ("A letter by Andy Vale came.", "en", ["Vale"]),
        # A part of a place, capitals that tell nothing, other names before.
        ("Fighting went on in Eastern Arden.", "en", ["Arden"]),
        ("ARDEN TIMES ARE HARD FOR ALL", "en", ["ARDEN"]),
        ("Poland will buy Lockheed Martin F-35 fighters.", "en", ["Lockheed Martin", "F-35"]),
        ("Workers at the Charlotte Quillon warehouse left.", "en", ["Charlotte", "Quillon"]),
        ("Mark Elliot Orrin was born in 1984.", "en", ["Orrin"]),
        ("Adele Arden shows sold out.", "en", ["Arden"]),
        ("A walk along the Left Bank of Arden.", "en", ["Arden"]),
        # What governments have, a title in a headline, a company with the adjective of its people.
        ("So the Arden Justice Department said.", "en", ["Arden"]),
        ("SINGER ARDEN AMBERLY LEAVES FOR HOME", "en", ["ARDEN"]),
        ("The open market of Arden is cold.", "en", ["Arden"]),
        ("So the investor Orrinian Quillon said.", "en", ["Quillon"]),
        ("So the chairman Anders Vale said.", "en", ["Vale"]),
        # What is needed or bought, words of prose, a middle name, another sentence.
        ("وتحتاج أردينيا للطاقة في الصيف", "ar", ["أردينيا"]),
        ("ارتفعت واردات أردينيا للنفط في مايو", "ar", ["أردينيا"]),
        ("وارتفعت صادرات أردينيا للأسمنت كثيرا", "ar", ["أردينيا"]),
        ("استقبل الملك إريك فالهايم أمس", "ar", ["فالهايم"]),
        ("قال متحدث باسم فالهايم إن", "ar", ["فالهايم"]),
        ("بلغ عمر فالهايم سبعين عاما", "ar", ["فالهايم"]),
        ("قال مارك جون أورين إن", "ar", ["أورين"]),
        ("قال إريك. فالهايم قال أيضا", "ar", ["فالهايم"]),
        ("وكان أنتوني فالهايم هناك", "ar", ["أنتوني فالهايم"]),
        ("وكان المتحدث فالهايم هناك", "ar", ["فالهايم"]),
    ],
)
def test_what_is_no_part_is_a_mention(text: str, language: str, found: list[str]) -> None:
    assert [surface for surface, _ in linked(link(_WORLD, text, language=language))] == found


def test_a_saint_and_a_port_have_first_names_too() -> None:
    world = compiled([entity("Q1", "organization", "Cardinals", prior=0.6)])
    assert linked(link(world, "They cheered the St. Louis Cardinals.")) == [("Cardinals", "Q1")]
