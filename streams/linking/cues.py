"""Type cues: words around a mention that tell whether it is a person, an organisation, a place or a product.

``CEO of …`` asks for an organisation, ``… , who`` for a person, ``مدينة …`` for a place. All words are folded. The
lists are general knowledge of the languages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from streams.linking.boundary import CLITICS
from streams.linking.shape import UPPER

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.tag import Span

__all__ = ["announces", "is_dateline", "is_demonym", "may_announce", "type_cues"]

_Cues = dict[str, str]


def _cues(**words: str) -> _Cues:
    return {word: kind for kind, listed in words.items() for word in listed.split()}


_BEFORE: Final = _cues(
    person="mr mrs ms miss dr prof professor sir lady lord president chairman chairwoman chief ceo cfo executive "
    "minister senator governor mayor king queen prince princess pope actor "
    "actress singer director author coach player striker "
    "founder analyst economist spokesman spokeswoman judge general captain sheikh boss secretary chancellor premier "
    "herr frau prasident kanzler ministerin monsieur madame senor senora signor baskan bay bayan "
    "السيد السيده الدكتور الشيخ الملك الامير الرييس رييس الوزير وزير المدير مدير الكاتب الكاتبه الفنان الممثل المخرج "
    "اللاعب المدرب المهندس العالم العالمه الملياردير الموسس موسس المستشار السيناتور النايب الخبير المحلل الروايي",
    organization="company firm group bank maker giant startup corporation agency newspaper club team airline carrier "
    "ministry university newsroom brand subsidiary lender broker shares stock bei firma konzern unternehmen verein "
    "societe entreprise banque empresa banco club societa azienda sirketi "
    "شركه لشركه بشركه مجموعه بنك مصرف وكاله صحيفه مجله قناه موقع نادي فريق موسسه هييه وزاره جامعه منظمه حزب سهم "
    "اسهم عملاق عملاقه مطوره صندوق الشركه مصنع مصانع متجر",
    place="in near north south east west city town state province capital island river "
    "valley region county district republic kingdom country border stadt ville en ciudad citta "
    "مدينه ولايه دوله جمهوريه عاصمه محافظه اقليم منطقه العاصمه جزيره نهر شارع قريه مطار ميناء بلده مملكه اماره "
    "في",
    product="app software model chatbot chip chips phone smartphone console platform gpu processor device version "
    "تطبيق برنامج منصه رقاقه رقايق شريحه هاتف هواتف نموذج معالج معالجات جهاز لعبه نظام عمله روبوت",
    work="film movie novel album song book series show episode series serie roman libro "
    "فيلم مسلسل روايه كتاب اغنيه البوم قصيده لوحه مسرحيه",
)
# These stand before persons and organisations too.
_WEAK: Final = frozenset("at from to across outside inside from aus nach a الي من".split())
_AFTER: Final = _cues(
    person="who whose said says told added wrote tweeted resigned born aged attended studied married graduated died "
    "taught lectured retired testified recalled emigrated",
    organization="inc corp corporation ltd llc plc co gmbh ag sa spa nv shares stock "
    "announced reported posted acquired "
    "unveiled launched executives employees spokesman spokeswoman officials chief ceo fans coach quarterback players",
    place="city state province county island river region airport where based street avenue",
    product="app software chips users processor processors version",
    work="film movie novel album episode",
)
_TITLES: Final = (
    "السيد السيده الدكتور الدكتوره الشيخ الامير الرييس الوزير الوزيره المدير الكاتب الكاتبه الفنان الفنانه "
    "الممثل الممثله "
    "المخرج اللاعب المدرب المهندس المهندسه العالم العالمه الملياردير المستشار السيناتور النايب الخبير المحلل المحلله "
    "الروايي الصحفي الصحفيه الباحث الباحثه الطبيب الطبيبه الخباز التاجر المحامي المحاميه الناشط الناشطه المواطن"
).split()
_ANNOUNCING: Final = {
    clitic + word: kind
    for kind, words in (
        ("person", (*_TITLES, "يدعي")),
        ("organization", ("تدعي",)),
        ("other", ("اسمها", "اسمه", "تسمي", "يسمي")),
    )
    for word in words
    for clitic in ("", "و", "ف")
}
_GLANCES: Final = {((ord(word[0]) & 63) << 6) + (ord(word[-1]) & 63) for word in _ANNOUNCING}
_GLANCE: Final = bytes([at in _GLANCES for at in range(64 * 64)])
_DEMONYM_ENDINGS: Final = ("an", "ans", "ese", "ish", "i", "is", "ي", "يه", "يون", "يين")
_DEMONYMS: Final = frozenset(
    "french dutch greek greeks swiss thai czech czechs dane danes swede swedes turk turks pole poles finn finns "
    "spaniard spaniards brit brits scot scots arab arabs kurd kurds serb serbs croat croats slovak slovaks".split()
)
# After the place of a dateline: "ALBANY, N.Y. (AP) - ", "LONDON - ".
_DATELINE: Final = re.compile(r"(?:,[ ][\w. ]{2,20})?(?:[ ]?\([\w ]{2,20}\))?[ ]?[-–—]{1,2}[ ]")
_DATELINE_CUE: Final = 2.0
_NEAR: Final = 2
_SPACE: Final = 0x20
_BREAKS: Final = ".!?;؛؟\n:()"
_WEAK_CUE: Final = 0.4
_OBJECTS: Final = frozenset({"of", "for", "at", "by", "the", "a", "an", "der", "des", "de", "la", "le", "el"})


def type_cues(span: Span) -> dict[str, float]:
    """Return how strongly the words around ``span`` ask for each type, 0 to 2."""
    text, body = span.text, span.text.folded.text
    found: dict[str, float] = {}
    low = span.low - span.clitic
    gap = low
    if is_dateline(span):
        found["place"] = _DATELINE_CUE
    word = text.word_before(low)
    for distance in range(_NEAR):
        if word is None or _breaks(body, word[1], gap):
            break
        before = body[word[0] : word[1]]
        if distance == 0 and before in _WEAK:
            found["place"] = found.get("place", 0.0) + _WEAK_CUE
        kind = _kind_before(before)
        if kind is not None:
            # "CEO of X", "president of X": what stands after "of" is not the person, but what the person heads.
            if kind == "person" and distance == 1 and body[word[1] : low].strip() in _OBJECTS:
                found["organization"] = found.get("organization", 0.0) + 0.5
                kind = "place"
            found[kind] = found.get(kind, 0.0) + (1.0 if distance == 0 else 0.5)
        gap = word[0]
        word = text.word_before(word[0])
    high = span.high + span.ending
    after = text.word_after(high)
    if after is not None and not _breaks(body, high, after[0]):
        kind = _AFTER.get(body[after[0] : after[1]])
        if kind is not None:
            found[kind] = found.get(kind, 0.0) + 1.0
    return found


def is_dateline(span: Span) -> bool:
    """Whether ``span`` is the place at the head of a news text: in capitals, first in its line, before a dash."""
    if span.shape != UPPER:
        return False
    source = span.text.source
    return (span.start == 0 or source[span.start - 1] == "\n") and _DATELINE.match(source, span.end) is not None


def may_announce(first: i64, last: i64) -> bool:
    """Whether a word with this first and this last letter may announce a name: a glance, before `announces` looks."""
    return _GLANCE[((first & 63) << 6) + (last & 63)] != 0


def announces(word: str) -> str | None:
    """Return the type of name that the folded Arabic ``word`` announces, or None: الكاتبه, تدعي."""
    return _ANNOUNCING.get(word)


def is_demonym(form: str) -> bool:
    """Whether the folded, one-word ``form`` looks like the adjective of a people: canadian, polish, امريكي."""
    if " " in form or len(form) < 4:
        return False
    return form.endswith(_DEMONYM_ENDINGS) or form in _DEMONYMS


def _kind_before(word: str) -> str | None:
    kind = _BEFORE.get(word)
    if kind is None and word[:1] in "وفبكل" and len(word) > 3:
        # One clitic may be glued to the cue itself: وشركة, لمدينة.
        for length in (1, 2, 3):
            if word[:length] in CLITICS and word[length:] in _BEFORE:
                return _BEFORE[word[length:]]
    return kind


def _breaks(body: str, low: i64, high: i64) -> bool:
    at = low
    while at < high:
        # Most gaps are one space.
        if ord(body[at]) != _SPACE and body[at] in _BREAKS:
            return True
        at += 1
    return False
