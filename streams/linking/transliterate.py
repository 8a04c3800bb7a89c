"""Transliteration: how a name in Latin letters may look in Arabic ones, as far as variant keys see it.

A catalogue knows most people and places by their Latin names alone, and Arabic newsrooms write them by ear:
*Jensen Huang* is جنسن هوانغ, جينسن هوانج or جنسن هوانق. What all of them share are the consonants, which is what a
variant key keeps (see `streams.linking.variants`), so a Latin name needs only those: one letter of Arabic for each
sound, and of the vowels only those that begin a word.

Latin spelling is ambiguous where Arabic is not: *ch* is تش in Charles, ك in Michael and ش in Chirac, *th* is ث or ت,
and *s* may be ز. Each reading gives a key of its own, the likelier first, and a name has at most `MOST_READINGS`.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MOST_READINGS", "arabic_readings"]

MOST_READINGS: Final = 3
"""Most readings that one name is given; each costs a form of the catalogue."""

_SPLIT: Final = re.compile("[ -]+")
_LATIN: Final = re.compile(r"[a-z][a-z'. -]*[a-z]")
# The longest spelling that fits decides. "" is a letter that is not heard; a reading's vowels are not written.
_SOUNDS: Final[dict[str, tuple[str, ...]]] = {
    "tsch": ("تش",),
    "sch": ("ش", "سك"),
    "tch": ("تش",),
    "dge": ("ج",),
    "ght": ("ت",),
    "ch": ("تش", "ش", "ك", "خ"),
    "sh": ("ش",),
    "kh": ("خ",),
    "gh": ("غ",),
    "th": ("ث", "ت"),
    "dh": ("ذ",),
    "ph": ("ف",),
    "zh": ("ج",),
    "ts": ("تس",),
    "tz": ("تس", "تز"),
    "ck": ("ك",),
    "cq": ("ك",),
    "qu": ("ك",),
    "ce": ("س",),
    "ci": ("س",),
    "cy": ("س",),
    "wr": ("ر",),
    "b": ("ب",),
    "c": ("ك",),
    "d": ("د",),
    "f": ("ف",),
    "g": ("غ",),
    "h": ("ه", "ح"),
    "j": ("ج", ""),
    "k": ("ك",),
    "l": ("ل",),
    "m": ("م",),
    "n": ("ن",),
    "p": ("ب",),
    "q": ("ق",),
    "r": ("ر",),
    "s": ("س", "ز"),
    "t": ("ت",),
    "v": ("ف",),
    "w": ("", "ف"),
    "x": ("كس",),
    "z": ("ز",),
}
_VOWELS: Final = frozenset("aeiouy")
_LONGEST: Final = max(map(len, _SOUNDS))


def arabic_readings(folded: str, *, most: int = MOST_READINGS) -> tuple[str, ...]:
    """Return how the folded Latin name may be written in Arabic consonants, the likeliest first.

    Args:
        folded: A name, folded.
        most: Return at most so many.

    Returns:
        Names in Arabic letters to take variant keys of; none where the name is not all in Latin letters.
    """
    if _LATIN.fullmatch(folded) is None:
        return ()
    words = [word for word in _SPLIT.split(folded.replace("'", "").replace(".", "")) if word != ""]
    readings = [_word(word) for word in words]
    ways = _likeliest([len(reading) for reading in readings])
    names = (" ".join(reading[at] for reading, at in zip(readings, way, strict=True)) for way in ways)
    return tuple(dict.fromkeys(names))[:most]


def _word(word: str) -> tuple[str, ...]:
    """Return the readings of one word, the likeliest first."""
    choices: list[tuple[str, ...]] = []
    at = 0
    while at < len(word):
        size, sounds = _sound(word, at)
        if len(sounds) > 0:
            choices.append(sounds)
        at += size
    spoken = _likeliest([len(sounds) for sounds in choices])
    return tuple(dict.fromkeys("".join(sounds[at] for sounds, at in zip(choices, way, strict=True)) for way in spoken))[
        :MOST_READINGS
    ]


def _likeliest(sizes: list[int]) -> list[tuple[int, ...]]:
    """Return ways to choose one of each: those that choose the first nearly everywhere, in that order."""
    first = (0,) * len(sizes)
    ways = [first]
    ways += [(*first[:at], other, *first[at + 1 :]) for at, size in enumerate(sizes) for other in range(1, size)]
    ways.sort(key=lambda way: (sum(way), way))
    return ways


def _sound(word: str, at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many letters at ``at`` make a sound, and how that may be written."""
    letter = word[at]
    if letter in _VOWELS:
        # All vowels that begin a word are one to a variant key.
        return 1, ("ا",) if at == 0 else ()
    if at > 0 and letter == word[at - 1]:
        return 1, ()
    if letter == "w" and at == 0 and word[1:2] != "r":
        return 1, ("و",)
    if letter == "h" and at > 0 and (at + 1 == len(word) or word[at + 1] not in _VOWELS):
        return 1, ("", "ه", "ح") if at + 1 < len(word) else ()
    for size in range(min(_LONGEST, len(word) - at), 0, -1):
        sounds = _SOUNDS.get(word[at : at + size])
        if sounds is not None:
            return size, sounds
    return 1, ()
