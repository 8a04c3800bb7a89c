"""Language of a text, cheaply: by script, and between languages of one script by frequent words."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from streams.linking.fold import fold_text
from streams.linking.words import FREQUENT

__all__ = ["UNDETERMINED", "detect_language", "field_language", "primary_subtag"]

UNDETERMINED: Final = "und"
_SAMPLE: Final = 1_000
_WORD: Final = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = (
    (re.compile("[\u3041-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7a3]"), "ko"),
    (re.compile("[\u0e01-\u0e4e]"), "th"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
)
# Of the letters, at least this share must be of the script: a quotation does not make a language. Japanese is told by
# its kana among the Han.
_SHARE: Final = 0.5
_KANA_SHARE: Final = 0.1
_LATIN: Final = tuple(language for language in FREQUENT if language not in {"ar", "fa"})
_LEAD: Final = 2
_PERSIAN: Final = re.compile("[پچژگی]")


def primary_subtag(tag: str) -> str:
    """Return the primary language subtag of a BCP 47 tag, in lower case: ``pt`` of ``pt-BR``."""
    return tag.partition("-")[0].lower()


def detect_language(text: str) -> str:
    """Return the language of ``text``, or ``und`` where it gives no hint.

    Only the first thousand characters are read.
    """
    sample = text[:_SAMPLE]
    letters = sum(map(len, _WORD.findall(sample)))
    if letters == 0:
        return UNDETERMINED
    for pattern, language in _SCRIPTS:
        share = len(pattern.findall(sample)) / letters
        if share >= (_KANA_SHARE if language == "ja" else _SHARE):
            return _arabic_script(sample) if language == "ar" else language
    return _by_words(sample, _LATIN)


def _arabic_script(sample: str) -> str:
    if _PERSIAN.search(sample) is None:
        return "ar"
    told = _by_words(sample, ("ar", "fa"))
    return "ar" if told == UNDETERMINED else told


def _by_words(sample: str, languages: tuple[str, ...]) -> str:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(fold_text(sample)):
        for language in languages:
            if word in FREQUENT[language]:
                counts[language] += 1
    if len(counts) == 0:
        return UNDETERMINED
    return max(languages, key=lambda language: counts[language])


def field_language(text: str, language: str) -> str:
    """Return the language of one field of an article that is mostly in another one, such as a foreign headline.

    A field is short, so that it is in the article's language unless it is in another script, or has two frequent words
    of another language more than of the article's.

    Args:
        text: The field.
        language: Primary subtag of the article's language.
    """
    own = primary_subtag(detect_language(text))
    if own in {UNDETERMINED, language} or language == UNDETERMINED:
        return language if own == UNDETERMINED else own
    if own not in _LATIN or language not in _LATIN:
        return own
    words = _WORD.findall(fold_text(text[:_SAMPLE]))
    lead = sum(word in FREQUENT[own] for word in words) - sum(word in FREQUENT[language] for word in words)
    return own if lead >= _LEAD else language
