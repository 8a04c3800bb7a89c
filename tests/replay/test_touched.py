"""Which articles a change of the catalogue touches."""

from __future__ import annotations

import json

import pytest

from streams.catalog.overlay import OverlayView
from streams.catalog.records import Record
from streams.catalog.snapshot import view_of
from streams.errors import InputError
from streams.events.article import RawArticle
from streams.events.enriched import Candidate, EnrichedArticle, Language, Linker, Mention, encode_enriched_article
from streams.events.entity import Alias, Entity
from streams.replay.touched import Touched

_NVIDIA = Entity("Q182477", "organization", {"en": "Nvidia", "ar": "إنفيديا"}, {"en": (Alias("NVDA"),)})
_CAIRO = Entity("Q85", "place", {"en": "Cairo", "ar": "القاهرة"})
_VIEW = OverlayView(
    view_of(
        [
            Record("Q182477", _NVIDIA),
            Record("Q85", _CAIRO),
            Record("local:chips", redirect="Q182477"),
            Record("local:gone", Entity("local:gone", "other", {"en": "Gone"}), retired=True),
        ]
    )
)


def _raw(body, number=1):
    return json.dumps({"article_id": f"a{number}", "title": "", "body": body}, ensure_ascii=False).encode()


def _enriched(number, *, entity_id=None, candidate=None):
    mention = Mention(
        "body", 0, 3, "abc", "other", entity_id, 0.5, () if candidate is None else (Candidate(candidate, 0.4),)
    )
    article = RawArticle(f"a{number}", "", "abc")
    return encode_enriched_article(
        EnrichedArticle(
            article, Language("en", "detected"), (mention,), (), Linker("w", "1"), "v", "2026-01-01T00:00:00Z"
        )
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Shares of Nvidia rose.", True),
        ("NVDA rose.", True),
        ("هبط سهم لإنفيديا اليوم", True),
        ("وNVIDIA", True),
        ("Nvidiana is a town.", False),
        ("Cairo is a city.", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("entity_id", ["Q182477", "local:chips"])
def test_a_present_name_in_the_text_touches(body, expected, entity_id):
    assert Touched([entity_id], _VIEW).is_touched(None, _raw(body)) is expected


def test_a_link_or_a_candidate_in_the_enriched_article_touches():
    touched = Touched(["Q182477"], _VIEW)
    touched.note(_enriched(1, entity_id="Q182477"))
    touched.note(_enriched(2, candidate="Q182477"))
    touched.note(_enriched(3, entity_id="Q85"))
    touched.note(b"no event")
    touched.note(None)
    assert touched.articles == 2
    assert [touched.is_touched(None, _raw("abc", number)) for number in (1, 2, 3)] == [True, True, False]


def test_a_retired_entity_touches_what_linked_to_it():
    touched = Touched(["local:gone"], _VIEW)
    touched.note(_enriched(1, entity_id="local:gone"))
    assert touched.is_touched(None, _raw("abc", 1))
    assert not touched.is_touched(None, _raw("Gone", 2))


def test_what_is_written_again_is_not_older_than_what_stands_behind_it():
    touched = Touched(["Q85"], _VIEW)
    steps = [
        (b"k", _raw("Paris")),
        (b"k", _raw("Cairo")),
        (b"k", _raw("Paris")),
        (b"other", _raw("Paris")),
        (b"k", None),
    ]
    assert [touched.is_touched(*step) for step in steps] == [False, True, True, False, True]


def test_what_is_no_article_is_not_touched():
    touched = Touched(["Q85"], _VIEW)
    assert not touched.is_touched(b"k", b"Cairo")
    assert not touched.is_touched(b"k", None)


def test_an_id_that_the_catalogue_never_had_is_refused():
    with pytest.raises(InputError, match="holds nothing under 'Q1'"):
        Touched(["Q1"], _VIEW)
