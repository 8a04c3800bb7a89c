"""Short forms within one article: هوانغ after جنسن هوانغ, Cook after Tim Cook, PIF after Public Investment Fund (PIF).

A full name that is probably linked is an *antecedent*. Its surname, its first name, its name without the legal
form, or the acronym in the parentheses after it become forms of this article, searched in all its fields. A short
form that two antecedents share goes to the nearer one before it. A full name that nobody catalogued is an antecedent
too: a surname that is somebody else's must not link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from streams.linking.arabic import arabic_key
from streams.linking.boundary import CLITICS
from streams.linking.cover import Cover
from streams.linking.fold import fold_text
from streams.linking.shape import LOWER, NO_CASE
from streams.linking.spans import make_span
from streams.linking.transliterate import arabic_readings
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.span import Span
    from streams.linking.text import Text

__all__ = ["COMPANY_FORMS", "LAST_WORDS", "LEGAL_FORMS", "label_forms", "occurrences", "short_forms"]

LEGAL_FORMS: Final = frozenset(
    "inc inc. corp corp. corporation co co. company ltd ltd. limited llc plc group holding holdings gmbh ag "
    "sa s.a. spa "
    "nv n.v. bv se kg kgaa oyj asa ab".split()
)
COMPANY_FORMS: Final = frozenset(
    "inc inc. corp corp. corporation co co. ltd ltd. limited llc plc gmbh ag nv kg".split()
)
"""Those that stand behind names of companies and of nothing else."""
LAST_WORDS: Final = frozenset("city united journal سيتي يونايتد".split())
"""Last words of names of organisations by which they go in short: City, of Manchester City."""
_GENERIC: Final = frozenset(
    "bank national united general new first american international royal federal central state university university "
    "ministry department republic saudi china north south east west great european world global city real saint san "
    "santa los las the school institute college council board house supreme air data info social public "
    "بنك مصرف شركه مجموعه وزاره جامعه نادي هييه منظمه صندوق وكاله صحيفه مجلس حزب موسسه اتحاد الاتحاد البنك "
    "جمهوريه مملكه الولايات مدينه ولايه".split()
)
_NAME_PARTS: Final = frozenset("van von de der den di da al el bin ibn ben abu ابو بن ابن ال عبد ال".split())
# What the acronym of a place has no letter for.
_UNHEARD: Final = frozenset("and of the".split())
_JUNIOR: Final = frozenset("jr jr. sr sr. ii iii iv".split())
_MIN_LENGTH: Final = 3
# Su, Ma, Ng, Ek; but most words of two letters are no names, and in most languages nobody listed them.
_SHORTEST_SURNAME: Final = 2
_WORDS_OF_TWO: Final = frozenset(
    "al am an as at be by da de di do eh el eu go he hi ii if in is it iv jr la le me my no of oh ok on or so sr to uk "
    "un up us vi we ما لي شي ال به بي دي ده ذا ذي له لك هو هي يا كي في من عن لا لم لن قد اي او ان اب اخ ام".split()
)
_LISTED: Final = frozenset({"ar", "en"})
_SPACE: Final = 0x20
_PARENTHESIS: Final = 0x28
_ASCII: Final = 0x80
# Of an entity that nobody typed, a name of two or three words may be a person's.
_MAX_UNTYPED: Final = 3
_ACRONYM: Final = re.compile(r"\s*\(\s*([^\W\d_a-z]{2,6})\s*\)")
_WORD: Final = re.compile(r"[^ ]+")
# Short forms by full name and type: the names of the day come back.
_KEPT: Final = 20_000
_KNOWN: Final[dict[tuple[str, str], list[tuple[str, bool]]]] = {}
_SURNAMES: Final[dict[str, list[tuple[str, bool]]]] = {}
# Among more antecedents it is not looked one by one.
_FEW: Final = 16
_NO_FORMS: Final[list[tuple[str, bool]]] = []


def short_forms(span: Span, type_: str) -> list[tuple[str, bool]]:
    """Return the folded short forms of the full name at ``span``, if it is of a type that is shortened.

    Returns:
        Each form, and whether it is a strong one: a surname, an acronym, a name without its legal form. A first name,
        or the first word of an organisation's name, is a weak one.
    """
    acronym = _acronym_after(span)
    if acronym is not None and type_ == "place" and not _may_shorten(acronym, span.key):
        acronym = None
    if " " not in span.key:
        forms = _NO_FORMS
    else:
        key = (span.key, type_)
        known = _KNOWN.get(key)
        if known is None:
            if len(_KNOWN) >= _KEPT:
                _KNOWN.clear()
            known = _KNOWN[key] = _forms_of(span.key, type_)
        forms = known
    return forms if acronym is None else [(acronym, True), *forms]


def label_forms(span: Span, type_: str, labels: dict[str, str]) -> list[tuple[str, bool]]:
    """Return the surnames of a person by preferred names, for one whom the article names in full in another spelling.

    Arabic news goes on with كوك after Tim Cook, and with هوانغ after جينسن هوانج.

    Args:
        span: The full name of a person or an organisation.
        type_: Which of these it is of.
        labels: The preferred names by language.
    """
    if " " not in span.key:
        return _NO_FORMS
    if type_ != "person":
        return _heard_forms(span.key, labels.get("en"))
    found = _NO_FORMS
    for language in dict.fromkeys((span.text.language, "en")):
        label = labels.get(language)
        if label is not None:
            known = _SURNAMES.get(label)
            if known is None:
                if len(_SURNAMES) >= _KEPT:
                    _SURNAMES.clear()
                forms = _forms_of(fold_text(label), "person")
                known = _SURNAMES[label] = [(form, strong) for form, strong in forms if strong]
            found = found + known
    return found


def _heard_forms(name: str, label: str | None) -> list[tuple[str, bool]]:
    """Return the first word of an Arabic name that is the first word of the English one as it is heard: جولدمان."""
    if label is None or name.isascii():
        return _NO_FORMS
    key = (name, label)
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _KEPT:
            _KNOWN.clear()
        first = name.partition(" ")[0]
        english = fold_text(label).partition(" ")[0]
        # One short word has no key.
        twice = arabic_key(f"{first} {first}")
        heard = {arabic_key(f"{reading} {reading}") for reading in arabic_readings(english)}
        is_name = first not in _GENERIC and english not in _GENERIC and twice is not None and twice in heard
        known = _KNOWN[key] = _usable({first: False}) if is_name else _NO_FORMS
    return known


def _forms_of(name: str, type_: str) -> list[tuple[str, bool]]:
    words = [found[0].strip(",'\"") for found in _WORD.finditer(name)]
    if type_ == "organization" or words[-1] in LEGAL_FORMS:
        return _organization_forms(words)
    if type_ == "person" or (type_ == "other" and len(words) <= _MAX_UNTYPED):
        return _person_forms(words)
    return []


def occurrences(form: str, texts: Sequence[Text], antecedents: Sequence[Span], language: str) -> list[Span]:
    """Return where ``form`` stands as a word, outside the ``antecedents`` and with their kind of capitals."""
    if len(form) <= _SHORTEST_SURNAME and language not in _LISTED:
        return []
    cased = any(span.shape not in (LOWER, NO_CASE) for span in antecedents)
    result: list[Span] = []
    for text in texts:
        starts = text.starts_of(form)
        if len(starts) == 0:
            continue
        fuller = [span for span in antecedents if span.text is text]
        taken = _cover(fuller, len(text.folded.text)) if len(fuller) > _FEW else None
        free: i64 = 0
        for start in starts:
            low: i64 = start
            high = low + len(form)
            if low < free or (_is_within(fuller, low, high) if taken is None else taken.holds(low, high)):
                continue
            found = make_span(text, low, high, language)
            if found is not None:
                free = high
                if not (cased and found.shape == LOWER):
                    result.append(found)
    return result


def _is_within(spans: Sequence[Span], low: i64, high: i64) -> bool:
    """Whether every position from ``low`` to ``high`` is in one of a few ``spans``."""
    at = low
    while at < high:
        reach = at
        for span in spans:
            if span.low <= at and span.high > reach:
                reach = span.high
        if reach == at:
            return False
        at = reach
    return True


def _cover(spans: Sequence[Span], length: int) -> Cover:
    taken = Cover(length)
    for span in spans:
        taken.take(span.low, span.high)
    return taken


def _person_forms(words: list[str]) -> list[tuple[str, bool]]:
    while len(words) > 1 and words[-1] in _JUNIOR:
        words = words[:-1]
    if len(words) < 2 or any(word in LEGAL_FORMS for word in words):
        return []
    start = len(words) - 1
    while start > 1 and words[start - 1] in _NAME_PARTS:
        start -= 1
    surname = words[-1]
    forms = {" ".join(words[start:]): True, surname: True}
    if "-" in surname:
        forms[surname.rpartition("-")[2]] = True
    if surname.startswith("ال") and len(surname) > 5:
        forms[surname[2:]] = True
    # Writers interchange them in foreign names: هوانغ, هوانج.
    for one, other in (("غ", "ج"), ("ج", "غ")):
        if one in surname:
            forms[surname.replace(one, other)] = True
    forms.setdefault(words[0], False)
    usable = _usable(forms)
    if len(surname) == _SHORTEST_SURNAME and surname.isalpha() and surname not in _WORDS_OF_TWO:
        usable.append((surname, True))
    return usable


def _organization_forms(words: list[str]) -> list[tuple[str, bool]]:
    bare = list(words)
    while len(bare) > 1 and bare[-1] in LEGAL_FORMS:
        bare = bare[:-1]
    forms = {}
    if len(bare) < len(words):
        forms[" ".join(bare)] = True
    if len(words) > 2:
        initials = "".join(word[:1] for word in words if word not in STOP_FORMS and word not in LEGAL_FORMS)
        if len(initials) > 2 and initials.isascii():
            forms[initials] = True
    if len(bare) > 1 and bare[-1] in LAST_WORDS:
        forms[bare[-1]] = True
    # In Arabic the first word of an organisation's name says what it is (مرصد, مطار), not which.
    if len(bare) > 1 and bare[0] not in _GENERIC and len(bare[0]) > 3 and bare[0].isascii():
        forms.setdefault(bare[0], False)
    return _usable(forms)


def _usable(forms: dict[str, bool]) -> list[tuple[str, bool]]:
    return [
        (form, strong)
        for form, strong in forms.items()
        if len(form) >= _MIN_LENGTH and form not in STOP_FORMS and form not in CLITICS and form not in _NAME_PARTS
    ]


def _may_shorten(acronym: str, name: str) -> bool:
    """Whether an acronym may be that of a place, and is not the agency of a dateline: نيويورك (رويترز), LIMA (AP)."""
    words = [word for word in name.split(" ") if word not in _UNHEARD]
    if len(words) < 2 or not acronym.isascii():
        return False
    return not name.isascii() or acronym.startswith("".join([word[0] for word in words]))


def _is_space(source: str, at: i64) -> bool:
    code: i64 = ord(source[at])
    return code == _SPACE or ((code < _SPACE or code >= _ASCII) and source[at].isspace())


def _acronym_after(span: Span) -> str | None:
    source = span.text.source
    length: i64 = len(source)
    at: i64 = span.end
    while at < length and _is_space(source, at):
        at += 1
    if at >= length or ord(source[at]) != _PARENTHESIS:
        return None
    found = _ACRONYM.match(source, span.end)
    return None if found is None else found[1].lower()
