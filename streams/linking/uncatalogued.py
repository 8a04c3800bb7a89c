"""Uncatalogued names to which short forms refer back: a surname whose full name is somebody else's must not link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.antecedents import REFERRED
from streams.linking.arabic import has_arabic
from streams.linking.around import CAPITAL
from streams.linking.cover import Cover
from streams.linking.cues import is_demonym
from streams.linking.first_names import FIRST_NAMES, TELLING_FIRST_NAMES, are_short
from streams.linking.fold import fold_text
from streams.linking.labels import label_words
from streams.linking.lexicon import AFTER, BEFORE, KIND_BITS, ORGANIZATION, PERSON, SPEAKS
from streams.linking.parts import is_in_other_name
from streams.linking.row import BEFORE_NOUN
from streams.linking.shortforms import COMPANY_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.features import Candidacy, Decision
    from streams.linking.names import Name, Names
    from streams.linking.span import Span
    from streams.linking.text import Text

__all__ = ["mark_uncatalogued"]

_JOINTS: Final = frozenset({"of", "for", "and", "&"})
# Before a first name, these make a place of it: St. Louis.
_SAINTS: Final = frozenset("st saint san santo sao fort port".split())
# What the lexicon leaves out, since surnames are spelled so.
_KIN: Final = frozenset("aunt cousin nephew niece son uncle".split())
_ALIF: Final = "ا"
_ARTICLE: Final = "ال"
_SONS: Final = frozenset("بن ابن بنت".split())
_RULERS: Final = frozenset("الملك الامير الشيخ السلطان الاميره الملكه الشيخه".split())
_NO_WORDS: Final[list[str]] = []

# Number of a text and a position in it.
_Place = tuple[int, int]


def mark_uncatalogued(decisions: Sequence[Decision], texts: Sequence[Text], names: dict[str, Names]) -> None:
    """Mark the decisions on spans that stand for a name which nobody catalogued, or in one.

    Those that stand for one are a short form of such a name before them, and the first word of a company that is linked
    as something else. Those that stand in one are a surname behind a first name that is not the candidate's, and a
    place after which something is named; they are no mentions.

    Args:
        decisions: Scored once, with the candidates that antecedents gave them.
        texts: The texts of the article, in order.
        names: The names found in each text, by field.
    """
    linked = _Linked(decisions, texts)
    part: Span | None = None
    for decision in decisions:
        span = decision.span
        # Longer ones come first: what stands in a part is a part.
        if part is not None and part.text is span.text and part.low <= span.low and span.high <= part.high:
            decision.is_part = True
        elif is_in_other_name(decision):
            part = span
            decision.is_part = True
        elif decision.reading.is_caseless:
            decision.is_part = _is_arabic_stranger(decision)
        else:
            decision.is_part = _is_stranger(decision, names, linked)
    parts = _uncatalogued_parts(decisions, texts, names)
    if len(parts) == 0:
        return
    for decision in decisions:
        span = decision.span
        owner = parts.get(span.key)
        if owner is None or any(
            candidate.antecedent + candidate.first_name + candidate.first_word > 0 for candidate in decision.candidates
        ):
            continue
        around = names[span.text.field].around(span.start, span.end)
        here: _Place = (decision.around.order, span.start)
        if owner == here or (owner < here and (around is None or len(around.words) == 1)):
            decision.mark_nil_antecedent()


def _uncatalogued_parts(
    decisions: Sequence[Decision], texts: Sequence[Text], names: dict[str, Names]
) -> dict[str, _Place]:
    """Return the words by which uncatalogued names may be meant, with the place from which on they are."""
    parts: dict[str, _Place] = {}
    for at, text in enumerate(texts):
        longer = [name for name in names[text.field].found if len(name.words) > 1]
        if len(longer) == 0:
            continue
        linked = Cover(len(text.source))
        likely = [
            decision
            for decision in decisions
            if decision.around.order == at and decision.candidates[0].probability >= REFERRED and not decision.is_part
        ]
        for decision in likely:
            linked.take(decision.span.start, decision.span.end)
        owned: set[int] | None = None
        for name in longer:
            place = name.end
            if linked.level(name.start, name.end) == 0:
                words = name.words
            else:
                words = _words_before_joint(name, text, linked)
                if len(words) == 0 and _is_company_linked_in_part(name, text, linked):
                    if owned is None:
                        owned = _starts_of_organizations(likely)
                    # A subsidiary is no namesake: Quillon, of Quillon Ireland Ltd.
                    if name.start not in owned:
                        words, place = name.words[:1], name.start
            if len(words) > 0:
                parts.setdefault(words[0], (at, place))
                parts.setdefault(words[-1], (at, place))
    return parts


def _starts_of_organizations(decisions: Sequence[Decision]) -> set[int]:
    return {decision.span.start for decision in decisions if decision.candidates[0].meaning.kind == ORGANIZATION}


class _Linked:
    """Where in each text something is probably linked, worked out when somebody asks."""

    def __init__(self, decisions: Sequence[Decision], texts: Sequence[Text]) -> None:
        self._decisions = decisions
        self._texts = texts
        self._covers: list[Cover] | None = None

    def at(self, order: int, start: int, end: int) -> bool:
        """Whether something is, from ``start`` to ``end`` of a text as received."""
        covers = self._covers
        if covers is None:
            covers = self._covers = [Cover(len(text.source)) for text in self._texts]
            for decision in self._decisions:
                if decision.best.probability >= REFERRED:
                    covers[decision.around.order].take(decision.span.start, decision.span.end)
        return covers[order].level(start, end) > 0


def _is_stranger(decision: Decision, names: dict[str, Names], linked: _Linked) -> bool:
    """Whether a first name stands right before a surname, and no person who is a candidate may be called so.

    What is no person's name is one where the first name heads the name: *Robert Rubin*, but not *Lockheed Martin F-35*.
    """
    span = decision.span
    name = None if " " in span.key else names[span.text.field].around(span.start, span.end)
    if name is None or name.start == span.start or not span.key.isalpha():
        return False
    source = span.text.source
    before = fold_text(source[name.start : span.start]).split()
    after = source[span.end : name.end].split()
    if len(before) == 0 or (len(after) > 0 and after[0] not in _JOINTS) or not _is_first_name(decision, before):
        return False
    if decision.best.meaning.kind != PERSON and not _heads_name(decision, len(before)):
        return False
    if any(_may_be_called(candidate, first, span) for candidate in decision.candidates for first in before):
        return False
    # The first name may be the end of another name: Charlotte, 737 Max.
    return not linked.at(decision.around.order, max(name.start, span.start - len(before[-1]) - 1), span.start - 1)


def _heads_name(decision: Decision, words: int) -> bool:
    """Whether a first name before what is no person's name heads the name of that many words before, or has a title.

    In a row of names a common noun follows: *Adele London shows*.
    """
    around, after = decision.around, decision.after
    if decision.before > 0 and _asks_for_person(around.tells(decision.before - 1) >> BEFORE):
        return True
    if words > 1 or decision.row[BEFORE_NOUN] == 0.0:
        return words == 1
    told = around.tells(after)
    return told & SPEAKS != 0 or _asks_for_person(told >> AFTER)


def _is_first_name(decision: Decision, before: list[str]) -> bool:
    """Whether the last of the words before a surname is a known first name, or the only one after a title."""
    if before[-1] not in FIRST_NAMES:
        return len(before) == 1 and _is_titled(decision, before[0])
    return len(before) == 1 or before[-2].rstrip(".") not in _SAINTS


def _is_titled(decision: Decision, first: str) -> bool:
    """Whether a title or a word of kinship, in lower case, stands before a word and a surname: *actor Wilder Arden*.

    An adjective of a people is no first name: *investor Saudi Arden*.
    """
    around, before = decision.around, decision.before
    if before <= 0 or not around.is_space(around.end(before - 1), around.start(before)):
        return False
    told = around.tells(before - 1) >> BEFORE
    if not (_asks_for_person(told) or around.word(before - 1) in _KIN) or around.looks(before - 1) & CAPITAL != 0:
        return False
    return first.isalpha() and around.tells(before) == 0 and not is_demonym(first)


def _asks_for_person(told: i64) -> bool:
    return told & KIND_BITS == PERSON


def _is_arabic_stranger(decision: Decision) -> bool:
    """Do the same for a name in Arabic script, which has no capitals to show where a name begins."""
    span, around, before = decision.span, decision.around, decision.before
    if " " in span.key:
        return False
    kind = decision.best.meaning.kind
    if kind == PERSON and _has_father(decision):
        return True
    if span.clitic > 0 or before < 0 or not around.is_space(around.end(before), span.low):
        return False
    word = around.word(before)
    if word not in TELLING_FIRST_NAMES:
        return False
    if kind != PERSON:
        # Who takes the ball to a club has its name behind his own, with the article: منح محمد الزمالك التقدم.
        return kind == ORGANIZATION and not span.key.startswith(_ARTICLE)
    # A middle name stands behind one's own, and a ruler has no surname.
    earlier = around.word(before - 1) if before > 0 else word
    return earlier not in _RULERS and all(
        _is_called_otherwise(candidate, (word, earlier), span) for candidate in decision.candidates
    )


def _has_father(decision: Decision) -> bool:
    """Whether the name of a father follows a first name, so that more than that name is told: محمد بن طارق."""
    around, span, after = decision.around, decision.span, decision.after
    if after >= around.count or not around.is_space(span.high, around.start(after)):
        return False
    return around.word(after) in _SONS


def _is_called_otherwise(candidate: Candidacy, firsts: tuple[str, str], span: Span) -> bool:
    """Whether no other word of a person's name in Arabic script begins as these do; in Latin letters nobody knows."""
    own = [word for word in label_words(candidate.card, span.key, span.text.language) if word != span.key]
    if candidate.meaning.kind != PERSON or len(own) == 0:
        return False
    # Too many names begin with an alif.
    beginnings = tuple(first[:2] if first[0] == _ALIF else first[0] for first in firsts)
    if any(not has_arabic(word) or word.startswith(beginnings) for word in own):
        return False
    return not any(are_short(word, firsts[0]) for word in own)


def _may_be_called(candidate: Candidacy, first: str, span: Span) -> bool:
    """Whether a person may be called by a first name: Leo, of Lionel, and Bill, of William; who has none, by any."""
    if candidate.meaning.kind != PERSON:
        return False
    own = [word for word in label_words(candidate.card, span.key, span.text.language) if word != span.key]
    return len(own) == 0 or any(_may_be_one(word, first) for word in own)


def _may_be_one(word: str, first: str) -> bool:
    """Whether a word of a label and a first name may be forms of one: two that are known differ soon, *Joe*, *Jill*."""
    if are_short(word, first):
        return True
    known = 2 if word in FIRST_NAMES and first in FIRST_NAMES else 1
    return word[:known] == first[:known]


def _words_before_joint(name: Name, text: Text, linked: Cover) -> list[str]:
    """Return two words or more of a name that is linked behind a joint alone: Ann Vale, of Ann Vale of Arden Motors."""
    joint = 0
    while joint < len(name.words) and name.words[joint] not in _JOINTS:
        joint += 1
    if joint < 2 or joint == len(name.words):
        return _NO_WORDS
    places = name.places(text.source)
    if len(places) == 0 or linked.level(name.start, places[joint - 1][1]) > 0:
        return _NO_WORDS
    return name.words[:joint]


def _is_company_linked_in_part(name: Name, text: Text, linked: Cover) -> bool:
    """Whether a name is a company's of which the first word alone is linked: Arden Resources Ltd."""
    if len(name.words) < 3 or name.words[-1] not in COMPANY_FORMS:
        return False
    places = name.places(text.source)
    return len(places) > 0 and linked.level(places[1][0], name.end) == 0
