"""What a name is said to be right beside it, so that its namesakes of another type are out of the question.

*The mayor of Barcelona* governs the city, and مدرب ليفربول trains the club, whatever the rest of the article is about.
`streams.linking.cues` weighs words that ask for a type; these leave no choice. They part candidates alone: where all
are of one type, or there is one, nothing changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.lexicon import PERSON, PLACE

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.features import Candidacy, Decision

__all__ = ["asked", "is_barred"]

_NOTHING: Final = 0
_A_PLACE: Final = 1
_AN_ORGANIZATION: Final = 2
_A_TEAM: Final = 3
_NO_REGION: Final = 4
_NO_COUNTRY: Final = 5
_A_PERSON: Final = 6
_GLUED: Final = ("", "و", "ب", "ل", "ف", "ك", "ول", "وب")
_BEFORE: Final = {
    glued + word: asked
    for asked, words in (
        (_A_PLACE, "مدينه بلده قريه ولايه محافظه عمده بلديه سكان اهالي شوارع نهر ضفاف"),
        (_AN_ORGANIZATION, "شركه مجموعه نادي بنك مصرف صحيفه جريده قناه شبكه سهم اسهم"),
        (_A_TEAM, "مدرب لاعب لاعبي مهاجم حارس مدافع نجم جماهير مشجعي هداف"),
        (_NO_REGION, "رييس رييسه وزراء سفير سفاره"),
        (_NO_COUNTRY, "حاكم"),
        (_A_PERSON, "المخترع المخترعه الممثل الممثله المغني المغنيه اللاعب اللاعبه السيد السيده الدكتور الدكتوره"),
    )
    for word in words.split()
    for glued in _GLUED
} | {
    word: asked
    for asked, words in (
        (_A_PERSON, "mr mrs ms astronomer inventor physicist actor actress singer footballer"),
        (_A_TEAM, "beat beats defeated face host thrashed"),
    )
    for word in words.split()
}
# After a scientist: عالمة الفلك.
_SCIENCES: Final = frozenset("الفلك الفيزياء الكيمياء الرياضيات الاحياء".split())
_SCIENTISTS: Final = frozenset("عالم عالمه العالم العالمه استاذ استاذه".split())
# Before *of* and a name, and before it in other languages.
_OF: Final = frozenset("of de di von".split())
_BEFORE_OF: Final = {
    word: asked
    for asked, words in (
        (
            _A_PLACE,
            "city town mayor streets residents suburb suburbs outskirts alcalde ciudad calles sindaco maire ville",
        ),
        (_AN_ORGANIZATION, "ceo"),
        (_NO_REGION, "ambassador president parliament"),
        (_NO_COUNTRY, "governor"),
    )
    for word in words.split()
}
# What is a company's, behind a possessive.
_OWNED: Final = frozenset("ceo cloud earnings profit shareholders shares".split())
_POSSESSIVE: Final = "'s"
_WINS: Final = frozenset("beat beats thrash thrashed trounced battuto batte vencio derroto goleo".split())
# In the plural behind the name of a town at the head of a sentence, these speak of its team.
_PLURALS: Final = frozenset("are face have host lead play sit take travel visit were".split())
_NEAR: Final = 5
_STOPS: Final = ".!?;:,\n()"
_COUNTRY: Final = "country"


def asked(decision: Decision) -> i64:
    """Return what the words right beside a span say that it is; 0 where they leave that open."""
    around, before, after = decision.around, decision.before, decision.after
    told = _NOTHING
    if before >= 0 and around.is_space(around.end(before), decision.span.low - decision.span.clitic):
        told = _asked_before(around, before)
    if told != _NOTHING or decision.reading.is_caseless or after >= around.count:
        return told
    high: i64 = decision.span.high + decision.span.ending
    if decision.is_head and around.is_space(high, around.start(after)) and around.word(after) in _PLURALS:
        return _A_TEAM
    return _asked_after(around, high, after)


def _asked_before(around: Around, before: i64) -> i64:
    """Return what the word before a name, and the one before that, say that it is."""
    word = around.word(before)
    told = _BEFORE.get(word, _NOTHING)
    if told != _NOTHING or before == 0:
        return told
    if word in _OF and around.is_space(around.end(before - 1), around.start(before)):
        return _BEFORE_OF.get(around.word(before - 1), _NOTHING)
    return _A_PERSON if word in _SCIENCES and around.word(before - 1) in _SCIENTISTS else _NOTHING


def _asked_after(around: Around, high: i64, after: i64) -> i64:
    """Return what the words behind a name in letters that have capitals say that it is."""
    if (
        around.start(after) > high + 1
        and around.word(after) in _OWNED
        and around.body[high : high + len(_POSSESSIVE)] == _POSSESSIVE
    ):
        return _AN_ORGANIZATION
    word = after
    while word < around.count and word < after + _NEAR and not around.is_parted(high, around.start(word), _STOPS):
        if around.word(word) in _WINS:
            return _A_TEAM
        high = around.end(word)
        word += 1
    return _NOTHING


def is_barred(candidate: Candidacy, told: i64) -> bool:
    """Whether a candidate is not what `asked` says; a country has a team too."""
    kind = candidate.meaning.kind
    if told == _A_PLACE:
        return kind != PLACE
    if told == _A_PERSON:
        return kind != PERSON
    if told == _AN_ORGANIZATION:
        return kind in (PLACE, PERSON)
    if kind != PLACE:
        return False
    return (_COUNTRY in candidate.meaning.described()) == (told == _NO_COUNTRY)
