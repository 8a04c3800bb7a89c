"""Unlinked names (NIL): what looks like a name and links to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.cover import Cover
from streams.linking.first_names import FIRST_NAMES
from streams.linking.fold import fold_text
from streams.linking.lexicon import count_titles
from streams.linking.links import FoundName
from streams.linking.names import Name, guess_type
from streams.linking.nouns import NOUN_CAPITALS, names_among_nouns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.linking.features import Decision
    from streams.linking.names import Names
    from streams.linking.text import Text

__all__ = ["found_names", "unlinked_names"]

_CONTEXT: Final = 60
_FULL: Final = 2
# Titles that are parts of names.
_OF_NAMES: Final = frozenset("king queen prince princess pope lord lady sir sheikh miss judge saint".split())
# How often such a name is marked as one that the catalogue does not hold, by whether it has several words: the share on
# this project's own news items and on the news set (0.83 to 1.0, and 0.38). Sets that leave names unmarked say less.
_NAME_CONFIDENCE: Final = {True: 0.8, False: 0.4}


def unlinked_names(
    texts: Sequence[Text], names: dict[str, Names], decisions: Sequence[Decision]
) -> list[tuple[Text, Name, float]]:
    """Return the names that no mention overlaps, without titles, each with the confidence that it is one."""
    taken = {text.field: Cover(len(text.source)) for text in texts}
    for decision in decisions:
        if decision.chosen:
            taken[decision.span.text.field].take(decision.span.start, decision.span.end)
    known_words = {
        word for text in texts for name in names[text.field].found if len(name.words) > 1 for word in name.words
    }
    found = []
    for text in texts:
        has_noun_capitals = text.language in NOUN_CAPITALS
        runs = names[text.field].found
        for name in names_among_nouns(runs, text.source) if has_noun_capitals else runs:
            if taken[text.field].level(name.start, name.end) > 0:
                continue
            if text.is_junk_source(name.start) or not (has_noun_capitals or _is_likely(name, known_words)):
                continue
            found.append((text, _without_title(text, name), _NAME_CONFIDENCE[len(name.words) > 1]))
    return found


def _without_title(text: Text, name: Name) -> Name:
    """Return a name without what its bearer is, where a first name and more are left: Physicist Brenda Fenwick."""
    words = name.words
    first = count_titles(words)
    if first == 0 or len(words) - first < _FULL or words[first] not in FIRST_NAMES or words[first - 1] in _OF_NAMES:
        return name
    places = name.places(text.source)
    if len(places) == 0:
        return name
    return Name(places[first][0], name.end, words[first:], is_initial=False, type_=name.type)


def _is_likely(name: Name, known_words: set[str]) -> bool:
    """A single word that heads a sentence is a name only if it is part of a fuller one."""
    if len(name.words) > 1:
        return True
    word = name.words[0]
    return len(word) > 2 and not word.isdigit() and (not name.is_initial or word in known_words)


def found_names(unlinked: Sequence[tuple[Text, Name, float]]) -> tuple[FoundName, ...]:
    """Return what `unlinked_names` found, equal names brought together, by first mention."""
    found: dict[str, list[tuple[Text, Name]]] = {}
    for text, name, _ in unlinked:
        found.setdefault(fold_text(text.source[name.start : name.end]), []).append((text, name))
    result = []
    for key, mentions in found.items():
        text, name = mentions[0]
        low, high = max(0, name.start - _CONTEXT), min(len(text.source), name.end + _CONTEXT)
        result.append(
            FoundName(
                name_key=key,
                name=text.source[name.start : name.end],
                type=guess_type(name),
                field=text.field,
                start=name.start,
                end=name.end,
                mention_count=len(mentions),
                context=text.source[low:high],
            )
        )
    return tuple(result)
