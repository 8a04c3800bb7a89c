"""Names in German, where every noun has a capital, so that a capital tells of no name.

What tells of one there is a first name or a title before it, a legal form behind it, that it is written as nouns are
not (*BASF*, *BioNTech*, *G20*), and that several capitalised words stand in a row, as nouns seldom do. A single word is
a name where it is a part of such a one elsewhere in the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.first_names import FIRST_NAMES
from streams.linking.lexicon import count_titles
from streams.linking.names import Name
from streams.linking.shortforms import COMPANY_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

__all__ = ["NOUN_CAPITALS", "names_among_nouns"]

NOUN_CAPITALS: Final = frozenset({"de", "gsw", "lb"})
"""Languages in which every noun has a capital."""

# In small letters within the name of a person.
_PARTICLES: Final = frozenset("von van vom zu zur der den de del della di da dos bin ibn al el la".split())
# Nouns that stand before another, folded: amounts, days, months, and what measures time.
_MEASURES: Final = frozenset(
    "prozent milliarde milliarden million millionen mrd mio tausend hundert dutzend euro dollar franken pfund yen "
    "rubel cent tonne tonnen kilo kilogramm gramm liter meter kilometer quadratmeter hektar barrel megawatt gigawatt "
    "stuck paar teil ende anfang mitte montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar "
    "februar marz april mai juni juli august september oktober november dezember jahr jahre jahren monat monate "
    "monaten woche wochen tag tage tagen stunde stunden minute minuten uhr fruhling fruhjahr sommer herbst winter "
    "morgen vormittag mittag nachmittag abend nacht art sorte reihe menge anzahl gruppe form".split()
)
_LEAST_KNOWN: Final = 3  # letters of a word by which a name is known again


def names_among_nouns(runs: Sequence[Name], source: str) -> list[Name]:
    """Return the names in runs of capitalised words of German.

    Args:
        runs: The runs, by position.
        source: The text that they stand in.
    """
    found: list[Name] = []
    single: list[Name] = []
    known: set[str] = set()
    for run in runs:
        if run.type is not None:
            found.append(run)
            continue
        for piece in _pieces(run, source):
            name = _name_of(piece, source)
            if name is not None:
                found.append(name)
                if len(name.words) > 1:
                    known.update([word for word in name.words if len(word) >= _LEAST_KNOWN])
            elif len(piece.words) == 1:
                single.append(piece)
    found.extend([piece for piece in single if piece.words[0] in known])
    found.sort(key=_start)
    return found


def _pieces(run: Name, source: str) -> list[Name]:
    """Return the parts of a run between words in small letters that are no part of a person's name."""
    places = run.places(source)
    pieces: list[Name] = []
    first: i64 = 0
    at: i64 = 0
    while at <= len(places):
        if at == len(places) or (
            source[places[at][0]].islower() and not _is_particle(run.words[first:at], run.words[at])
        ):
            if at > first:
                start, end = places[first][0], places[at - 1][1] if at < len(places) else run.end
                is_initial = run.is_initial and first == 0
                pieces.append(Name(start, end, run.words[first:at], is_initial=is_initial))
            first = at + 1
        at += 1
    return pieces


def _is_particle(before: list[str], word: str) -> bool:
    """Whether a word in small letters goes on with a name: *Ursula von der Leyen*, but not *Chef von Arden*."""
    return word in _PARTICLES and any(each in FIRST_NAMES for each in before)


def _name_of(piece: Name, source: str) -> Name | None:
    """Return the name in a piece, or None."""
    words = piece.words
    for at, word in enumerate(words[:-1]):
        if word in FIRST_NAMES:
            return _from(piece, at, source)
    first: i64 = count_titles(words)
    if 0 < first < len(words):
        return _from(piece, first, source)
    places = piece.places(source)
    for at, word in enumerate(words[1:], start=1):
        if word in COMPANY_FORMS and len(places) > 0:
            return Name(piece.start, places[at][1], words[: at + 1], is_initial=piece.is_initial)
    for at, (low, high) in enumerate(places):
        if _is_marked(source[low:high], words[at]):
            return _from(piece, at, source)
    # The first word of a sentence has a capital whatever it is.
    first = 1 if piece.is_initial else 0
    if len(words) - first < 2 or any(word in _MEASURES for word in words):
        return None
    return _from(piece, first, source)


def _from(piece: Name, first: i64, source: str) -> Name | None:
    """Return a piece from one of its words on."""
    if first == 0:
        return piece
    places = piece.places(source)
    if len(places) == 0:
        return None
    return Name(places[first][0], piece.end, piece.words[first:], is_initial=False)


def _is_marked(surface: str, word: str) -> bool:
    """Whether a word is written as no noun is: in capitals, with one inside, or with a digit."""
    if len(word) < 2 or "-" in surface or word in COMPANY_FORMS or not surface[0].isalpha():
        return False
    return any(char.isupper() or char.isdigit() for char in surface[1:])


def _start(name: Name) -> int:
    return name.start
