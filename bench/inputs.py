"""Articles to measure with: of our own, in Arabic, English and mixed, from 200 bytes to 200 kilobytes.

They are made of the sentences of the demonstration articles and of templates about entities of the starter catalogue,
so that names are as dense in a long article as in a short one. The same call gives the same article for ever.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from random import Random
from typing import TYPE_CHECKING, Final

import orjson

from bench.catalogues import ROOT
from streams.catalog.starter import read_starter
from streams.events.article import RawArticle, parse_raw_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.events.entity import Entity

__all__ = ["LANGUAGES", "SEED", "SEED_BYTES", "SIZES", "article", "hostile", "seed_article", "seed_sized", "stream"]

LANGUAGES: Final = ("ar", "en", "mixed")
"""Languages of the articles; ``mixed`` is Arabic with English sentences and names."""

SIZES: Final = (200, 2_000, 20_000, 200_000)
"""Sizes of the articles: bytes of UTF-8 in the body."""

SEED: Final = ROOT.parent / "shared" / "data" / "articles" / "seed-nvidia-openai.json"
"""A real article, where the optional data folder is present."""

SEED_BYTES: Final = 4_800
"""About as many bytes as the body of the seed article has."""

_DEMO: Final = {"ar": "-ar-", "en": "-en-", "mixed": "-mixed-"}
_SENTENCE: Final = re.compile(r"[^.؟!\n]+[.؟!\n]+")
_TEMPLATES: Final = {
    "en": (
        "{person} told reporters that {organization} would open an office in {place} before the end of the year. ",
        "Shares of {organization} rose three per cent after its agreement with {organization} was announced. ",
        "The ministry said on Tuesday that the work in {place} was delayed by heavy rain and would go on in spring. ",
        "{organization}'s engineers, who moved from {place}, now work on {product} and on what comes after it. ",
        "Nobody at the company wished to say how many people had been hired, or what the building had cost.\n",
        "A spokeswoman for {person} did not answer questions; {organization} said it was looking into the matter. ",
    ),
    "ar": (
        "وقال {person} إن {organization} ستفتتح مكتباً جديداً في {place} قبل نهاية العام. ",
        "وارتفعت أسهم {organization} بنحو ثلاثة في المئة بعد إعلان اتفاقها مع {organization}. ",
        "وأعلنت الوزارة يوم الثلاثاء أن العمل في {place} تأخر بسبب الأمطار الغزيرة وسيستأنف في الربيع. ",
        "ويعمل مهندسو {organization} القادمون من {place} على تطوير {product} وما سيأتي بعده. ",
        "ولم يرغب أحد في الشركة في الإفصاح عن عدد الموظفين الجدد أو عن كلفة المبنى.\n",
        "وأضاف المتحدث أن ل{organization} خططاً أخرى، وأن {person} سيعرضها في {place} لاحقاً. ",
    ),
}
_SLOT: Final = re.compile(r"\{(\w+)\}")


def article(language: str, size: int, *, number: int = 0) -> RawArticle:
    """Return an article.

    Args:
        language: One of `LANGUAGES`.
        size: Bytes of UTF-8 in its body, at most so many and hardly fewer.
        number: Another number gives another article.
    """
    random = Random(f"{language}-{size}-{number}")
    titles, sentences = _demo(language)
    title = random.choice(titles)
    body: list[str] = []
    left = size
    while left > 0:
        sentence = random.choice(sentences) if random.random() < 0.4 else _templated(random, language)
        cut = sentence.encode()[:left].decode(errors="ignore")
        left -= max(1, len(cut.encode()))
        body.append(cut)
    return RawArticle(f"bench-{language}-{size}-{number}", title, "".join(body))


def seed_article() -> RawArticle | None:
    """Return the seed article, or None where the optional data folder is not present."""
    return parse_raw_article(orjson.loads(SEED.read_bytes())) if SEED.is_file() else None


def seed_sized() -> tuple[str, RawArticle]:
    """Return the seed article, or one of ours of its size, with its name."""
    seed = seed_article()
    return ("own Arabic, 4.8 kB", article("ar", SEED_BYTES)) if seed is None else ("seed", seed)


def stream(count: int) -> list[RawArticle]:
    """Return ``count`` different articles of the seed's size in turn of the languages, as a topic would hold them."""
    return [article(LANGUAGES[number % 3], SEED_BYTES, number=number) for number in range(count)]


def hostile() -> dict[str, tuple[list[str], RawArticle]]:
    """Return articles that match everywhere, each with the names that do so: about a million overlapping matches.

    ``spaceless`` is in Han, where a name may begin at any character; ``words`` repeats a word, so that every occurrence
    is bounded; ``one name`` is nothing but one name, a hundred thousand times.
    """
    return {
        "spaceless": (["天" * length for length in range(2, 22)], RawArticle("hostile-1", "", "天" * 50_000)),
        "words": (
            [" ".join(["Zarq"] * length) for length in range(1, 21)],
            RawArticle("hostile-2", "", "Zarq " * 50_000),
        ),
        "one name": (["Zarq"], RawArticle("hostile-3", "", "Zarq, " * 100_000)),
    }


@cache
def _demo(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = files("streams.embedded.demo").joinpath("articles.jsonl").read_bytes().splitlines()
    found = [entry for entry in map(orjson.loads, lines) if _DEMO[language] in entry["article_id"]]
    sentences = [sentence.rstrip(" ") + " " for entry in found for sentence in _SENTENCE.findall(entry["body"])]
    return tuple(entry["title"] for entry in found), tuple(sentences)


def _templated(random: Random, language: str) -> str:
    spoken = random.choice(("ar", "ar", "en")) if language == "mixed" else language
    template = random.choice(_TEMPLATES[spoken])
    return _SLOT.sub(lambda slot: random.choice(_names(slot[1], spoken)), template)


@cache
def _names(kind: str, language: str) -> tuple[str, ...]:
    return tuple(sorted(_labels(read_starter(), kind, language)))


def _labels(entities: list[Entity], kind: str, language: str) -> Iterator[str]:
    return (entity.labels[language] for entity in entities if entity.type == kind and language in entity.labels)
