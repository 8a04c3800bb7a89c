from __future__ import annotations

import pytest

from streams.linking import cues, features, lexicon, names, shortforms, words
from streams.linking.boundary import CLITICS
from streams.linking.fold import fold_text
from streams.linking.words import CALENDAR, FREQUENT, STOP_FORMS


def _listed() -> dict[str, set[str]]:
    """Every collection of strings at the top of a module of words, by name."""
    found: dict[str, set[str]] = {}
    for module in (words, cues, lexicon, shortforms, names, features):
        for name, value in vars(module).items():
            if (
                not name.startswith("__")
                and isinstance(value, dict | frozenset | set | list | tuple)
                and len(value) > 3
            ):
                listed = {word for word in value if isinstance(word, str)}
                if len(listed) == len(value):
                    found[f"{module.__name__}.{name}"] = listed
    return found


# These are held against texts as received.
_AS_RECEIVED = {"_ABBREVIATED", "_CASED"}


def test_the_lists_are_found() -> None:
    names_of_lists = {name.rpartition(".")[2] for name in _listed()}
    assert {"STOP_FORMS", "CALENDAR", "LEGAL_FORMS", "_BEFORE", "_AFTER", "_DEMONYMS", "_TITLES"} <= names_of_lists


@pytest.mark.parametrize("name", sorted(name for name in _listed() if name.rpartition(".")[2] not in _AS_RECEIVED))
def test_listed_words_are_folded(name: str) -> None:
    assert sorted(word for word in _listed()[name] if fold_text(word) != word) == []


@pytest.mark.parametrize("language", FREQUENT)
def test_frequent_words_are_folded(language: str) -> None:
    assert sorted(word for word in FREQUENT[language] if fold_text(word) != word) == []
    assert len(FREQUENT[language]) >= 15


def test_clitics_are_folded() -> None:
    assert {fold_text(clitic) for clitic in CLITICS} == CLITICS


def test_stop_forms_hold_the_others() -> None:
    assert STOP_FORMS >= CALENDAR
    assert all(listed <= STOP_FORMS for listed in FREQUENT.values())


def test_no_stop_form_is_a_name_of_the_news() -> None:
    assert STOP_FORMS.isdisjoint({"apple", "meta", "intel", "who nations", "مصر", "قطر", "دبي"})
