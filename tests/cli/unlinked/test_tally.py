from __future__ import annotations

from dataclasses import replace

from streams.cli.unlinked.tally import NameTally
from streams.events.unlinked import UnlinkedName

NAME = UnlinkedName(
    name_key="quandra labs",
    name="Quandra Labs",
    type="organization",
    language="en",
    article_id="a1",
    field="body",
    start=4,
    end=16,
    mention_count=2,
    context="The Quandra Labs announced",
    seen_at="2026-03-01T10:00:00Z",
)


def top(*names: UnlinkedName) -> list[tuple[str, int, int]]:
    tally = NameTally()
    for name in names:
        tally.add(name)
    return [(name.name_key, name.articles, name.mentions) for name in tally.top()]


def test_names_in_most_articles_come_first() -> None:
    other = replace(NAME, name_key="ada brook", name="Ada Brook", mention_count=9)
    assert top(other, NAME, replace(NAME, article_id="a2")) == [("quandra labs", 2, 4), ("ada brook", 1, 9)]


def test_of_equally_many_articles_mentions_decide_and_then_the_name() -> None:
    rare = replace(NAME, name_key="b", mention_count=1)
    assert top(rare, NAME, replace(rare, name_key="a")) == [("quandra labs", 1, 2), ("a", 1, 1), ("b", 1, 1)]


def test_an_article_that_was_linked_again_counts_once() -> None:
    assert top(NAME, replace(NAME, seen_at="2026-03-02T10:00:00Z")) == [("quandra labs", 1, 2)]


def test_the_latest_context_and_the_most_frequent_spelling_are_shown() -> None:
    tally = NameTally()
    tally.add(replace(NAME, name="QUANDRA Labs", type="other"))
    tally.add(replace(NAME, article_id="a2", seen_at="2026-03-05T10:00:00Z", context="later", language="ar"))
    tally.add(replace(NAME, article_id="a3", seen_at="2026-02-01T10:00:00Z", context="earlier"))
    assert tally.top()[0].document() == {
        "name_key": "quandra labs",
        "name": "Quandra Labs",
        "names": {"QUANDRA Labs": 1, "Quandra Labs": 2},
        "type": "organization",
        "languages": {"ar": 1, "en": 2},
        "articles": 3,
        "mentions": 6,
        "first_seen": "2026-02-01T10:00:00Z",
        "last_seen": "2026-03-05T10:00:00Z",
        "context": "later",
        "article_id": "a2",
    }
