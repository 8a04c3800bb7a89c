"""Features that the article decides: what stands around each span, and in which rows that is kept.

What is known of a form (`streams.linking.readings`) begins the row of each of its spans; here the article fills it in.
Most features are zero most of the time, so only the others are written. `streams.linking.score` weighs the rows, and
`feature_rows` gives them to training and explanations.

Length: what is filled in (`Decision`, `Candidacy`) and how it is stand together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from librt.vecs import vec

from streams.linking.around import CAPITAL
from streams.linking.beside import NOTHING, after, before, legal_after, titled
from streams.linking.cues import is_dateline, type_cues
from streams.linking.fold import fold_text
from streams.linking.lexicon import PERSON
from streams.linking.ordinary import COMMON_WORD, ENGLISH_WORD, NEVER, is_common, is_named, is_ordinary
from streams.linking.ordinary_words import COMBINING
from streams.linking.row import (
    BEST,
    BEST_CONTEXT,
    CLITIC,
    COMMON,
    COMPOUND,
    CONTEXT,
    COUNTING,
    DATELINE,
    GLUED,
    HASH,
    INFLECTED,
    INITIAL,
    LEGAL_RIGHT,
    LOWER_COUNTED,
    MARGIN,
    NIL_ANTECEDENT,
    OFTEN,
    ORDINARY,
    PART_LEFT,
    PART_RIGHT,
    QUOTED,
    ROW,
    SHOUTED,
    TITLED,
    UNSEEN,
    WHOLE,
    WORD_LEFT,
    WORD_RIGHT,
)
from streams.linking.shape import LOWER, TITLE, UPPER
from streams.linking.weights import dot
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_extensions import i64

    from streams.linking.around import Around
    from streams.linking.meanings import Meaning
    from streams.linking.names import Name, Names
    from streams.linking.readings import Reading
    from streams.linking.sightings import Form, Sighting
    from streams.linking.span import Span
    from streams.linking.weights import Model

__all__ = ["Candidacy", "Decision", "feature_rows", "prepare"]

_GLUE: Final = frozenset("-_/&")
_CASELESS_GLUE: Final = frozenset("-/&")
_SPACE: Final = " "
_HYPHEN: Final = "-"
_PARTICIPLES: Final = frozenset("based backed born bound built controlled funded led listed made owned run".split())
_MARKS: Final = frozenset("#@")
# Folded, most quotation marks are one.
_OPENING: Final = frozenset('"「『《〈')
_CLOSING: Final = frozenset('"」』》〉')
_BEFORE_CLOSING: Final = frozenset(",.?!")
_COMPOUNDING: Final = frozenset({"de", "nl", "sv", "da", "nb", "no"})
_NO_CONTEXT: Final[tuple[float, ...]] = (0.0,) * (MARGIN - BEST_CONTEXT)


class Candidacy:
    """One entity that one span may mean.

    Attributes:
        meaning: What the form and the surface tell.
        card: What is known about the entity.
        antecedent: Probability of a fuller mention of which the span is a short form; 0 without one.
        first_name: The same for a person's first name.
        first_word: The same for the first word of another name.
        is_contested: Whether only a short form gives it, while the catalogue gives the form to others.
        context: In the order of `streams.linking.weights.CANDIDATE_CONTEXT`; empty where all of it is zero.
        score: Weighted sum in the ranking.
        probability: That the span means it.
        sighting: What the first round found of the entity; None before that is gathered.
    """

    __slots__ = (
        "antecedent",
        "card",
        "context",
        "first_name",
        "first_word",
        "is_contested",
        "meaning",
        "probability",
        "score",
        "sighting",
    )

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.card = meaning.card
        self.antecedent = 0.0
        self.first_name = 0.0
        self.first_word = 0.0
        self.is_contested = False
        self.context: vec[float] = vec[float]()
        self.score = 0.0
        self.probability = 0.0
        self.sighting: Sighting | None = None


class Decision:
    """A span, its candidates, and what is made of them.

    Attributes:
        span: Where.
        reading: What its surface form may mean anywhere.
        around: The words of its text.
        form: What the article does with its folded form.
        candidates: Best first once scored.
        cues: Types that the words around the span ask for, by number; empty where they ask for none.
        row: In the order of `streams.linking.weights.LINK_FEATURES`.
        link: Weighted sum of what the article decides about the span before the second round.
        before: Number of the word before the span.
        after: Number of the word after it.
        is_final: Whether it was scored with what the rest of the article tells.
        is_head: Whether it heads a sentence; told only of a capitalised one.
        inside: Probability of the most probable longer span that overlaps it.
        outside: Probability of the most probable shorter one.
        across: How probably a place stands on the other side of a comma.
        is_part: Whether it is a part of a name that the catalogue does not hold, see `streams.linking.uncatalogued`.
        is_pair: Whether it is two mentions, see `streams.linking.pairs`: Mandan, N.D.
        chosen: Whether the span is a mention of its best candidate.
        why: Why it is, or is not, in words.
    """

    __slots__ = (
        "across",
        "after",
        "around",
        "before",
        "candidates",
        "chosen",
        "cues",
        "form",
        "inside",
        "is_final",
        "is_head",
        "is_pair",
        "is_part",
        "link",
        "outside",
        "reading",
        "row",
        "span",
        "why",
    )

    def __init__(self, span: Span, reading: Reading, around: Around, form: Form) -> None:
        self.span = span
        self.reading = reading
        self.around = around
        self.form = form
        self.candidates = [Candidacy(meaning) for meaning in reading.meanings]
        self.cues: vec[float] = vec[float]()
        self.row: vec[float] = reading.row()
        self.link = 0.0
        self.before: i64 = 0
        self.after: i64 = 0
        self.is_final = False
        self.is_head = False
        self.inside = 0.0
        self.outside = 0.0
        self.across = 0.0
        self.is_pair = False
        self.is_part = False
        self.chosen = False
        self.why = ""

    @property
    def best(self) -> Candidacy:
        """The most probable candidate."""
        return self.candidates[0]

    @property
    def margin(self) -> tuple[float, ...]:
        """How clearly it won, in the order of `streams.linking.weights.MARGIN_FEATURES`."""
        return tuple(self.row[MARGIN:ROW])

    def mark_nil_antecedent(self) -> None:
        """Note that the span is a short form of a name that nobody catalogued."""
        self.row[NIL_ANTECEDENT] = 1.0


def prepare(decisions: Sequence[Decision], names: dict[str, Names], *, counting: bool, model: Model) -> None:
    """Set what the words around each span tell.

    Args:
        decisions: Decisions with their candidates.
        names: The names found in each text, by field.
        counting: Whether the catalogue counts how often names mean their entities.
        model: The weights.
    """
    for at, decision in enumerate(decisions):
        span, around = decision.span, decision.around
        before_, after_ = around.before(span.low - span.clitic), around.after(span.high + span.ending)
        decision.before, decision.after = before_, after_
        decision.cues = type_cues(span, around, before_, after_)
        _look_around(decision, after_, counting)
        _look_at_joints(decision)
        if (span.key in COMBINING and _combines(decisions, at)) or (span.clitic > 0 and _is_common(span)):
            decision.row[ORDINARY] = 1.0
        if decision.reading.ordinary != NEVER:
            _look_for_words(decision, before_, after_)
        if not decision.reading.is_caseless:
            _look_at_capitals(decision, names, before_, after_)
        elif decision.reading.is_phrase:
            decision.row[WHOLE] = 1.0
        decision.link = dot(decision.row, CONTEXT, OFTEN, model.link, CONTEXT)


def _look_around(decision: Decision, right: i64, counting: bool) -> None:
    """Fill in what scripts without capitals tell too."""
    span, row, reading = decision.span, decision.row, decision.reading
    if counting:
        row[COUNTING] = 1.0
        if not reading.is_seen:
            row[UNSEEN] = 1.0
        if span.shape == LOWER:
            row[LOWER_COUNTED] = 1.0
    if span.shape == TITLE:
        decision.is_head = span.text.starts_sentence(span.low)
        if decision.is_head and reading.words == 0:
            row[INITIAL] = 1.0
    if span.clitic > 0:
        row[CLITIC] = 1.0
    if span.ending > 0:
        row[INFLECTED] = 1.0
    if legal_after(decision.around, span.high + span.ending, right):
        row[LEGAL_RIGHT] = 1.0
    if is_dateline(span):
        row[DATELINE] = 1.0


def _look_for_words(decision: Decision, left: i64, right: i64) -> None:
    """Fill in whether a form that is an ordinary word too is one here."""
    span, kind = decision.span, decision.reading.ordinary
    if kind == ENGLISH_WORD and not (decision.is_head and span.shape == TITLE):
        return
    if kind & COMMON_WORD != 0:
        if decision.row[QUOTED] == 0.0 and not is_named(decision.around, left, decision.reading.types):
            decision.row[ORDINARY] = 1.0
        return
    low, high = span.low - span.clitic, span.high + span.ending
    if is_ordinary(decision.around, span.key, kind, low, high, left, right, clitic=span.clitic):
        decision.row[ORDINARY] = 1.0


def _is_common(span: Span) -> bool:
    """Whether a span is a common word together with what looks like a clitic before it."""
    return is_common(span.text.folded.text[span.low - span.clitic : span.high], span.text.language)


def _combines(decisions: Sequence[Decision], at: i64) -> bool:
    """Whether a span is joined by a hyphen to a word that is no name: *Meta-analysis*, but not *Meta-Google*."""
    decision = decisions[at]
    span, body = decision.span, decision.around.body
    high: i64 = span.high
    if high + 1 >= len(body) or body[high] != _HYPHEN or not body[high + 1].isalnum():
        return False
    if decision.around.looks(decision.after) & CAPITAL != 0 or _is_participle(decision, _HYPHEN):
        return False
    next_ = at + 1
    while next_ < len(decisions) and decisions[next_].around is decision.around:
        low = decisions[next_].span.low
        if low > high:
            return low != high + 1
        next_ += 1
    return True


def _look_at_joints(decision: Decision) -> None:
    """Fill in what the signs tell to which the span is joined."""
    span, row, body = decision.span, decision.row, decision.around.body
    glue = _CASELESS_GLUE if decision.reading.is_caseless else _GLUE
    low: i64 = span.low
    high: i64 = span.high
    if low > 0:
        sign = body[low - 1]
        if sign != _SPACE:
            if span.clitic == 0 and sign in glue:
                row[GLUED] = 1.0
            if sign in _MARKS:
                row[HASH] = 1.0
            if sign in _OPENING and _closes(body, high + span.ending):
                row[QUOTED] = 1.0
    if high + 1 < len(body):
        sign = body[high]
        if sign != _SPACE and sign in glue and body[high + 1].isalnum() and not _is_participle(decision, sign):
            row[COMPOUND if span.text.language in _COMPOUNDING else GLUED] = 1.0


def _is_participle(decision: Decision, sign: str) -> bool:
    """Whether a participle of English is joined to a span, in a text in any language: London-based, Saudi-led."""
    around, word = decision.around, decision.after
    return sign == _HYPHEN and word < around.count and around.word(word) in _PARTICIPLES


def _closes(body: str, high: i64) -> bool:
    """Whether a quotation mark closes what ends at ``high``, perhaps behind a comma or a full stop."""
    if high < len(body) and body[high] in _BEFORE_CLOSING:
        high += 1
    return high < len(body) and body[high] in _CLOSING


def _look_at_capitals(decision: Decision, names: dict[str, Names], left: i64, right: i64) -> None:
    """Fill in what only scripts with capitals tell."""
    span, row, around = decision.span, decision.row, decision.around
    shape: i64 = span.shape
    if shape == UPPER and span.text.is_shouted(span.low, span.high):
        row[SHOUTED] = 1.0
    else:
        _look_at_name(decision, names[span.text.field].around(span.start, span.end))
    if shape in (TITLE, UPPER) and decision.form.is_common():
        row[COMMON] = 1.0
    if shape != LOWER:
        row[TITLED] = titled(around, span.low, span.high)
    feature = after(around, span.high + span.ending, right)
    if feature != NOTHING:
        row[feature] = 1.0
    feature = before(around, span.low, left)
    if feature != NOTHING:
        row[feature] = 1.0


def _look_at_name(decision: Decision, name: Name | None) -> None:
    """Fill in what the name tells that the span stands in."""
    span, row, reading = decision.span, decision.row, decision.reading
    if name is not None and (name.start != span.start or name.end != span.end):
        _set_part(decision, name)
        if reading.words == 0:
            row[WORD_LEFT] = row[PART_LEFT]
            row[WORD_RIGHT] = row[PART_RIGHT]
    if reading.is_phrase and row[PART_LEFT] == 0.0 and row[PART_RIGHT] == 0.0:
        row[WHOLE] = 1.0


def _set_part(decision: Decision, name: Name) -> None:
    """Set how much the span looks like a part of a longer name, on its left and on its right: 0 to 1 each."""
    span = decision.span
    source = span.text.source
    left = [word for word in source[name.start : span.start].split() if fold_text(word).strip(".,'") not in STOP_FORMS]
    if len(left) > 0:
        told = 0.5 if len(left) == 1 and name.is_initial else 1.0
        if (len(decision.cues) > 0 and decision.cues[PERSON] > 0.0) or left[-1].endswith(("'s", "’s")):
            told = 0.2
        decision.row[PART_LEFT] = told
    if source[span.end : name.end].strip()[:1] not in {"", "'", "’", "-"}:
        decision.row[PART_RIGHT] = 1.0


def feature_rows(decision: Decision) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
    """Return the whole feature vectors of a scored decision.

    Returns:
        The span's, in the order of `streams.linking.weights.SPAN_FEATURES`, and each candidate's, in the order of
        `streams.linking.weights.CANDIDATE_FEATURES`, best first.
    """
    return (
        tuple(decision.row[:BEST]),
        [
            (*candidate.meaning.features, *(candidate.context if len(candidate.context) > 0 else _NO_CONTEXT))
            for candidate in decision.candidates
        ],
    )
