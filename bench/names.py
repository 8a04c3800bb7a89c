"""Invented names of people, organisations, places and products, in Latin and Arabic script.

Lengths follow those of large public catalogues: of the names in Latin script about half are one word, a quarter two and
an eighth three; of those in Arabic script somewhat more are one word. Stems are made of syllables, so that millions of
them differ; given names and the words of organisations are real ones, so that texts touch them everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from random import Random

__all__ = ["Invented", "invent"]

_ONSETS: Final = "b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t th tr v w y z".split()
_VOWELS: Final = "a a a e e i i o o u ai ea ou".split()
_CODAS: Final = ["", "", "", "l", "n", "r", "s", "t", "m", "nd", "rk", "ck", "st"]
_GIVEN: Final = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph "
    "Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Margaret Mark Sandra Donald Ashley "
    "Steven Kimberly Andrew Emily Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah "
    "Timothy Stephanie Ahmed Fatima Omar Layla Yusuf "
    "Maryam Khalid Noor Hassan Aisha Ali Zainab Ibrahim Huda Tariq Salma"
).split()
_GIVEN_AR: Final = (
    "محمد أحمد علي عمر خالد يوسف إبراهيم حسن حسين مصطفى سعيد طارق ماجد فهد سلمان عبدالله ناصر وليد زياد رامي "
    "فاطمة مريم ليلى نور عائشة زينب هدى سلمى رنا دانا جون مايكل ديفيد توماس روبرت ماري سارة إيما أنطونيو كارلوس"
).split()
_ONSETS_AR: Final = list("بتجحدرزسشصطعغفقكلمنهي")
_CODAS_AR: Final = ["", "", "", "ر", "ن", "ل", "س", "د", "ب", "م"]
_VOWELS_AR: Final = ["ا", "ي", "و", "", ""]
_NOUNS: Final = (
    "Systems Energy Motors Holdings Bank Labs Media Foods Pharma Airlines Capital Logistics Networks Software Steel "
    "Partners Group Industries Technologies Resources Insurance Solutions University Institute Council Foundation"
).split()
_LEGAL: Final = ["Inc", "Ltd", "plc", "Group", "Corporation", "Company", "AG", "SA"]
_HEADS_AR: Final = ["شركة", "مجموعة", "بنك", "جامعة", "مؤسسة", "هيئة", "صحيفة", "نادي"]
_AREAS: Final = ["City", "County", "River", "Island", "Valley", "Province", "Lake", "Bay"]
_AREAS_AR: Final = ["مدينة", "محافظة", "ولاية", "جزيرة", "بلدة"]
_PRODUCTS: Final = ["Pro", "Max", "One", "Air", "Ultra", "Mini", "Plus", "Cloud"]
_KINDS: Final = ("organization", "organization", "organization", "person", "person", "place", "product", "other")


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented entity's names.

    Attributes:
        type: Its type.
        latin: Names in Latin script, the label first; may be empty.
        arabic: Names in Arabic script, the label first; may be empty.
    """

    type: str
    latin: tuple[str, ...]
    arabic: tuple[str, ...]


def invent(random: Random) -> Invented:
    """Invent an entity: two in three have names in Latin script alone, one in six in Arabic script alone."""
    kind = random.choice(_KINDS)
    script = random.random()
    latin = _latin(random, kind) if script < 5 / 6 else ()
    arabic = _arabic(random, kind) if script >= 2 / 3 else ()
    return Invented(kind, tuple(dict.fromkeys(latin)), tuple(dict.fromkeys(arabic)))


def _stem(random: Random) -> str:
    count = random.choice((2, 2, 2, 3, 3, 4))
    pick = random.choice
    return "".join(pick(_ONSETS) + pick(_VOWELS) + pick(_CODAS) for _ in range(count)).capitalize()


def _stem_ar(random: Random) -> str:
    pick = random.choice
    return "".join(pick(_ONSETS_AR) + pick(_VOWELS_AR) + pick(_CODAS_AR) for _ in range(pick((2, 2, 3, 3))))


def _latin(random: Random, kind: str) -> tuple[str, ...]:
    stem, pick = _stem(random), random.choice
    rare = random.random() < 0.1
    if kind == "person":
        given, middle = pick(_GIVEN), _stem(random)
        return (f"{given} {stem}", f"{given} {middle} {stem}", f"{given[0]}. {stem}", *((stem,) if rare else ()))
    if kind == "organization":
        noun, legal = pick(_NOUNS), pick(_LEGAL)
        short = (f"{stem[0]}{noun[0]}{legal[0]}",) if rare else ()
        return (stem, f"{stem} {noun}", f"{stem} {noun} {legal}", f"{stem} of {_stem(random)} {noun}", *short)
    if kind == "place":
        return (stem, f"{stem} {pick(_AREAS)}", f"{stem}-{_stem(random)}")
    if kind == "product":
        return (f"{stem} {pick(_PRODUCTS)}", f"{stem}{random.randint(2, 99)}")
    return (stem, f"The {stem}", f"{stem} & {_stem(random)}")


def _arabic(random: Random, kind: str) -> tuple[str, ...]:
    stem, pick = _stem_ar(random), random.choice
    if kind == "person":
        given = pick(_GIVEN_AR)
        return (f"{given} {stem}", f"{given} ال{stem}", f"{given} {pick(_GIVEN_AR)} {stem}")
    if kind == "organization":
        return (stem, f"{pick(_HEADS_AR)} {stem}", f"{pick(_HEADS_AR)} {stem} ال{_stem_ar(random)}")
    if kind == "place":
        return (f"ال{stem}", f"{pick(_AREAS_AR)} {stem}")
    return (stem, f"{stem} {random.randint(2, 99)}")
